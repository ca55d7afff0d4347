import { graphOf, type Step } from '@idsync/engine/dataflow';
import { Button, ScrollArea, Text } from '@mantine/core';
import { entryOf } from '../../document/catalogue.ts';
import { ComponentIcon } from '../../document/drawing/component-icon.tsx';
import { useDocument } from '../../document/store.ts';
import { StepArrows } from './step-arrows.tsx';
import classes from './step-list.module.css';

/** The flow as a list in the order data passes through it: the same steps, arrows and acts as on the canvas, for eyes and ears. */
export function StepList() {
  const document = useDocument((open) => open.history.state.document);
  const byId = new Map(document.steps.map((step) => [step.id, step]));
  const { order } = graphOf(document);
  const rest = document.steps.filter((step) => !order.includes(step.id));
  const steps = [...order.map((id) => byId.get(id)).filter((step): step is Step => step !== undefined), ...rest];
  return (
    <ScrollArea className={classes.area}>
      <section className={classes.page} aria-label="List of steps">
        {steps.length === 0 && <Text c="dimmed">The flow has no steps yet. Add one from the components at the left.</Text>}
        <ol className={classes.list}>
          {steps.map((step) => (
            <ListedStep key={step.id} step={step} />
          ))}
        </ol>
      </section>
    </ScrollArea>
  );
}

function ListedStep({ step }: { step: Step }) {
  const inspect = useDocument((open) => open.inspect);
  const select = useDocument((open) => open.select);
  const push = useDocument((open) => open.push);
  const selected = useDocument((open) => open.selection.steps.includes(step.id));
  const problems = useDocument((open) => open.issues.filter((issue) => issue.step === step.id).length);
  const entry = entryOf(step.type);
  return (
    <li
      className={classes.step}
      data-selected={selected || undefined}
      data-testid={`listed-${step.id}`}
      onFocus={() => select({ steps: [step.id] })}
    >
      <ComponentIcon type={step.type} size="lg" muted={!entry} />
      <div className={classes.words}>
        <h3 className={classes.name}>{step.id}</h3>
        <p className={classes.title}>
          {entry?.title ?? `${step.type}, not available yet`}
          {problems > 0 && <span className={classes.fault}> · {problems === 1 ? '1 problem' : `${problems} problems`}</span>}
        </p>
        <StepArrows step={step} />
      </div>
      <div className={classes.acts}>
        <Button size="compact-sm" variant="default" onClick={() => inspect(step.id)} aria-label={`Parameters of ${step.id}`}>
          Parameters
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          color="gray"
          aria-label={`Delete ${step.id}`}
          onClick={() => push({ type: 'remove-steps', ids: [step.id] }, { title: `Delete ${step.id}` })}
        >
          Delete
        </Button>
      </div>
    </li>
  );
}
