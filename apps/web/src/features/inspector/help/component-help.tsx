import { componentHelp } from '@idsync/engine/catalogue-help';
import { type CatalogueEntry, deliverySentences, type Fault, type Step } from '@idsync/engine/dataflow';
import { ComponentExample } from './component-example.tsx';
import classes from './help-panel.module.css';
import { InlineMarkdown, Markdown } from './markdown.tsx';

/** What goes in and comes out, notes, delivery, faults, limits, and examples to take over. */
export function ComponentHelp({ step, entry }: { step: Step; entry: CatalogueEntry }) {
  const { notes, faults = [], limits = [], examples = [] } = componentHelp[entry.type] ?? {};
  return (
    <div className={classes.content}>
      <p className={classes.lead}>{entry.summary}</p>
      <p className={classes.flows}>{flowsLine(entry)}</p>
      {notes && <Markdown text={notes} />}
      {entry.delivery && (
        <section aria-label="Delivery">
          <h3>Delivery</h3>
          <p>{deliverySentences[entry.delivery]}</p>
        </section>
      )}
      {faults.length > 0 && (
        <section aria-label="What can go wrong">
          <h3>What can go wrong</h3>
          {faults.map((fault) => (
            <FaultItem key={fault.when} fault={fault} />
          ))}
        </section>
      )}
      {limits.length > 0 && (
        <section aria-label="Limits">
          <h3>Limits</h3>
          <ul>
            {limits.map((limit) => (
              <li key={limit}>
                <InlineMarkdown text={limit} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {examples.length > 0 && (
        <section aria-label="Examples">
          <h3>{examples.length === 1 ? 'Example' : 'Examples'}</h3>
          {examples.map((example) => (
            <ComponentExample key={example.title} step={step} entry={entry} example={example} />
          ))}
        </section>
      )}
    </div>
  );
}

function FaultItem({ fault: { when, effect, remedy } }: { fault: Fault }) {
  return (
    <dl className={classes.fault}>
      <dt>
        <InlineMarkdown text={when} />
      </dt>
      <dd>
        <InlineMarkdown text={effect} />
      </dd>
      <dd>
        <span className={classes.remedy}>What to do:</span> <InlineMarkdown text={remedy} />
      </dd>
    </dl>
  );
}

function flowsLine({ input, output, connects }: CatalogueEntry): string {
  const flows = input
    ? output
      ? `Takes ${input}, gives ${output}`
      : `Takes ${input} and ends the flow`
    : `Begins a flow and gives ${output}`;
  return connects ? `${flows}. Reaches another system.` : `${flows}.`;
}
