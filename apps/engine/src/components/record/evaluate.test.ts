import { describe, expect, it } from 'vitest';
import { type DataRecord, encodeBase64Text, readParams, traitsOf } from '#dataflow';
import { runComponent } from '#testing';
import evaluate from './evaluate.ts';

const stored = (source: string, more: DataRecord = {}): DataRecord => ({ script: encodeBase64Text(source), ...more });
const issuesOf = (params: DataRecord) => readParams(traitsOf(evaluate), params).issues;

describe('record.evaluate', () => {
  it('takes old flows without a language level as 5.1', () => {
    expect(readParams(traitsOf(evaluate), stored('function process(r) { return r; }')).params).toMatchObject({
      ECMAScriptVersion: '5.1',
      notifyLastRecord: false,
    });
  });

  it.each([
    ['a script that is not base64', { script: 'function process() {}' }, /not base64 of UTF-8 text; it may have been cut off/],
    ['bytes that are no UTF-8', { script: '//8=' }, /not base64 of UTF-8 text/],
    [
      'a syntax error, with its line',
      stored('function process(r) {\n  retrun r;\n}'),
      /SyntaxError: Unexpected identifier 'r' \(line 2, column 10\)/,
    ],
    ['no process', stored('var a = 1;'), /declares no function named process/],
  ])('refuses %s before the job starts', (_, params, message) => {
    expect(issuesOf(params)).toMatchObject([{ severity: 'error', field: 'params.script', message: expect.stringMatching(message) }]);
  });

  it('keeps order and state over many batches', async () => {
    const records = Array.from({ length: 1000 }, (_, n) => ({ n }));
    const source =
      'var count = 0; function process(record, ctx, logger, next) { count++; if (record.n % 2) return null; record.count = count; return record; }';
    const run = await runComponent(evaluate, { params: stored(source), records, batchSize: 7 });
    expect(run.records).toEqual(records.filter(({ n }) => n % 2 === 0).map(({ n }) => ({ n, count: n + 1 })));
  });

  it('sends records the script failed on to the error path, as they came', async () => {
    const source =
      'function process(record) {\n  record.touched = true;\n  if (record.n === 2) throw new Error("two");\n  return record;\n}';
    const { records, errors } = await runComponent(evaluate, { params: stored(source), records: [{ n: 1 }, { n: 2 }] });
    expect(records).toEqual([{ n: 1, touched: true }]);
    expect(errors).toEqual([{ n: 2, _errorDetails: { errorCode: 400012, errorMessage: 'Error: two (line 3, column 29)' } }]);
  });

  it('writes what the script logs to the trace: leading words as the message, the rest as data', async () => {
    const source =
      'function process(record, ctx, logger) { logger.info("Input", 1, record, "x"); logger.debug(record); console.error("bad"); return null; }';
    const { log } = await runComponent(evaluate, { params: stored(source), records: [{ n: 1 }] });
    expect(log).toEqual([
      { level: 'info', message: 'Input 1', data: [{ n: 1 }, 'x'] },
      { level: 'debug', message: '', data: [{ n: 1 }] },
      { level: 'error', message: 'bad', data: [] },
    ]);
  });

  it('ends the job with a clear error when the script does not end', async () => {
    const run = runComponent(evaluate, { params: stored('for (;;); function process() {}'), records: [{ n: 1 }] });
    await expect(run).rejects.toMatchObject({
      name: 'ConfigError',
      step: 'step',
      message: expect.stringContaining('ran longer than 5000 ms'),
    });
  }, 20_000);
});
