import type { Step } from '@idsync/engine/dataflow';
import { Button } from '@mantine/core';
import { useSessionStorage } from '@mantine/hooks';
import { IconPlayerPlay } from '@tabler/icons-react';
import { useDocument } from '../../document/store.ts';
import { fieldsBefore } from '../../document/upstream-fields.ts';
import { CodeEditor } from '../../ui/code-editor/code-editor.tsx';
import { sampleRecord } from './sample-input.ts';
import classes from './script-editor.module.css';
import { TestResult } from './test-result.tsx';
import type { useScriptTest } from './use-script-test.ts';

interface TestPanelProps {
  step: Step;
  source: string;
  test: ReturnType<typeof useScriptTest>;
}

/** Input, Run, and what came of it. The input is kept for this tab. */
export function TestPanel({ step, source, test }: TestPanelProps) {
  const id = useDocument((open) => open.id);
  const document = useDocument((open) => open.history.state.document);
  const [input, setInput] = useSessionStorage({
    key: `idsync.script-input.${id}.${step.id}`,
    defaultValue: JSON.stringify([sampleRecord(fieldsBefore(document, step.id))], null, 2),
    getInitialValueInEffect: false,
  });
  return (
    <section className={classes.test} aria-label="Test script">
      <header className={classes.testHead}>
        <h3 className={classes.heading}>Input</h3>
        <Button size="xs" loading={test.isPending} leftSection={<IconPlayerPlay size={14} />} onClick={() => test.run(source, input)}>
          Run
        </Button>
      </header>
      <div className={classes.input}>
        <CodeEditor
          label="Test input"
          language="json"
          path={`test/${step.id}.json`}
          value={input}
          onChange={setInput}
          lineNumbers={false}
        />
      </div>
      <TestResult result={test.result} fault={test.fault} />
    </section>
  );
}
