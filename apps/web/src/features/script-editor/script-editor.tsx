import type { Step } from '@idsync/engine/dataflow';
import { Button, Modal } from '@mantine/core';
import { IconFlask } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { defaultScript } from '../../document/default-script.ts';
import { CodeEditor, type Mark } from '../../ui/code-editor/code-editor.tsx';
import classes from './script-editor.module.css';
import { registerScriptLanguage } from './script-language.ts';
import { TestPanel } from './test-panel.tsx';
import { type ScriptResult, useScriptTest } from './use-script-test.ts';

registerScriptLanguage();

interface ScriptEditorProps {
  step: Step;
  /** Plain text; empty text opens as the default script. */
  source: string;
  onChange(source: string): void;
  onClose(): void;
}

function marksOf(result: ScriptResult | undefined): Mark[] {
  const faults = [
    ...(result?.error ? [result.error] : []),
    ...(result?.failed ?? []).map(({ error }): { message: string; line?: number; column?: number } => error),
  ];
  return faults.flatMap(({ message, line, column }) => (line === undefined ? [] : [{ message, line, column, severity: 'error' as const }]));
}

/** A custom script at full size, beside its test. What is typed counts at once. */
export function ScriptEditor({ step, source, onChange, onClose }: ScriptEditorProps) {
  const [testing, setTesting] = useState(true);
  const test = useScriptTest(step);
  const marks = useMemo(() => marksOf(test.result), [test.result]);
  const shown = source.trim() === '' ? defaultScript : source;
  return (
    <Modal
      opened
      onClose={onClose}
      title={`Custom script: ${step.id}`}
      size="min(1440px, 94vw)"
      padding={0}
      closeButtonProps={{ 'aria-label': 'Close script' }}
      classNames={{ header: classes.header ?? '', body: classes.body ?? '', content: classes.content ?? '' }}
    >
      <div className={classes.bar}>
        <span className={classes.hint}>
          Called for each record. What it returns goes on; null filters the record out; a throw fails it.
        </span>
        <Button
          size="xs"
          variant={testing ? 'light' : 'default'}
          leftSection={<IconFlask size={14} />}
          aria-pressed={testing}
          onClick={() => setTesting(!testing)}
        >
          Test script
        </Button>
      </div>
      <div className={classes.columns} data-testing={testing || undefined}>
        <div className={classes.code}>
          <CodeEditor label="Script" language="javascript" path={`script/${step.id}.js`} value={shown} marks={marks} onChange={onChange} />
        </div>
        {testing && <TestPanel step={step} source={shown} test={test} />}
      </div>
    </Modal>
  );
}
