import { type CatalogueEntry, type DataRecord, decodeBase64Text, type Example, paramsOf, type Step } from '@idsync/engine/dataflow';
import { Button } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import { useSetParams } from '../use-set-params.ts';
import classes from './help-panel.module.css';
import { takeOverExample } from './take-over-example.ts';

interface ComponentExampleProps {
  step: Step;
  entry: CatalogueEntry;
  example: Example;
}

/** An example's parameters and data. Its parameters can be taken over into the step. */
export function ComponentExample({ step, entry, example }: ComponentExampleProps) {
  const setParams = useSetParams(step);
  const { title, params, input, output, inputFiles, outputFiles, errors } = example;
  return (
    <article className={classes.example} aria-label={title}>
      <h4>{title}</h4>
      <Pane label="Parameters" value={readable(entry, params)} />
      <Button
        size="compact-sm"
        variant="default"
        leftSection={<IconArrowBackUp size={14} />}
        aria-label={`Use the parameters of ${title}`}
        onClick={() => setParams(takeOverExample(paramsOf(step), params, entry.params), '(example)', 'parameters by an example')}
      >
        Use these parameters
      </Button>
      {(input ?? inputFiles) && <Pane label="In" value={input ?? inputFiles} />}
      {(output ?? outputFiles) && <Pane label="Out" value={output ?? outputFiles} />}
      {errors && errors.length > 0 && <Pane label="On the error path" value={errors} />}
    </article>
  );
}

function Pane({ label, value }: { label: string; value: unknown }) {
  return (
    <figure className={classes.pane}>
      <figcaption>{label}</figcaption>
      {/* Scrolls, so the keyboard has to be able to reach it. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above */}
      <pre tabIndex={0}>{textOf(value)}</pre>
    </figure>
  );
}

/** As JSON, one record a line while lines stay short. */
function textOf(value: unknown): string {
  if (!Array.isArray(value)) return JSON.stringify(value, null, 2);
  const lines = value.map((record) => JSON.stringify(record));
  return lines.every((line) => line.length < 60) ? lines.join('\n') : JSON.stringify(value, null, 2);
}

/** Scripts are stored as base64 and read as text. */
const readable = ({ params: { properties = {} } }: CatalogueEntry, params: DataRecord): DataRecord =>
  Object.fromEntries(
    Object.entries(params).map(([name, value]) => [
      name,
      properties[name]?.base64 && typeof value === 'string' ? (decodeBase64Text(value) ?? value) : value,
    ]),
  );
