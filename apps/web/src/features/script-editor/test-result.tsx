import { ScrollArea, Tabs } from '@mantine/core';
import classes from './script-editor.module.css';
import type { ScriptResult } from './use-script-test.ts';

const json = (value: unknown) => JSON.stringify(value, null, 2);
const counted = (count: number, one: string, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** Output and log of the last test, how long it took, and the error with its line. */
export function TestResult({ result, fault }: { result: ScriptResult | undefined; fault: string | undefined }) {
  const error = result?.error;
  const message = fault ?? (error && `${error.line === undefined ? '' : `Line ${error.line}: `}${error.message}`);
  return (
    <div className={classes.result}>
      {message && (
        <p className={classes.error} role="alert">
          {message}
        </p>
      )}
      {!result && !message && <p className={classes.hint}>Run the script to see its output and log here. Nothing is written anywhere.</p>}
      {result && (
        <Tabs defaultValue="output" className={classes.tabs} keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="output">Output</Tabs.Tab>
            <Tabs.Tab value="log">Log{result.log.length > 0 ? ` (${result.log.length})` : ''}</Tabs.Tab>
            <span className={classes.summary} role="status">
              {counted(result.output.length, 'record')}
              {result.failed.length > 0 && `, ${result.failed.length} failed`}
              {result.filtered > 0 && `, ${result.filtered} filtered`} in {result.durationMs.toLocaleString('en')} ms
            </span>
          </Tabs.List>
          <Tabs.Panel value="output" className={classes.panel}>
            <ScrollArea className={classes.scroll}>
              <pre className={classes.pre} data-testid="script-output">
                {result.output.map(json).join('\n')}
              </pre>
              {result.failed.map(({ record, error: why }, index) => (
                <pre key={String(index)} className={classes.failed}>
                  {why.message}
                  {'\n'}
                  {json(record)}
                </pre>
              ))}
            </ScrollArea>
          </Tabs.Panel>
          <Tabs.Panel value="log" className={classes.panel}>
            <ScrollArea className={classes.scroll}>
              <LogLines log={result.log} />
            </ScrollArea>
          </Tabs.Panel>
        </Tabs>
      )}
    </div>
  );
}

function LogLines({ log }: { log: ScriptResult['log'] }) {
  if (log.length === 0) return <p className={classes.hint}>The script wrote nothing. Use logger.info(…).</p>;
  return (
    <ul className={classes.log} data-testid="script-log">
      {log.map((line, index) => (
        <li key={String(index)}>
          <span className={classes.level}>{line.level}</span>
          {line.args.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(' ')}
        </li>
      ))}
    </ul>
  );
}
