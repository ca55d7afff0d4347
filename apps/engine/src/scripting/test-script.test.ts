import { describe, expect, it, vi } from 'vitest';
import { testScript } from './test-script.ts';

// Each test starts a process; a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

const test = (source: string, input: Parameters<typeof testScript>[0]['input'], more = {}) =>
  testScript({ source, ecmaVersion: '12', notifyLastRecord: false, input, ...more });

describe('Test script', () => {
  it('tells for each input what came of it', async () => {
    const source = `let sum = 0;
function process(record, ctx, logger, next, error) {
  if (record === null) return { sum };
  sum += record.n;
  logger.info('seen', record);
  if (record.n === 1) { next.accept({ copy: 1 }); return record; }
  if (record.n === 2) return null;
  if (record.n === 3) throw new Error('three');
  error.accept({ four: true }, record);
}`;
    const result = await test(source, [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }], { notifyLastRecord: true });
    expect(result).toEqual({
      output: [{ copy: 1 }, { n: 1 }, { sum: 10 }],
      outputOf: [0, 0, 4],
      failed: [
        { input: 2, record: { n: 3 }, error: { code: 'scriptFailed', message: 'Error: three (line 8, column 29)', line: 8, column: 29 } },
        { input: 3, record: { four: true }, error: { code: 'scriptFailed', message: 'The script sent this record to the error path.' } },
      ],
      filtered: 1,
      log: [1, 2, 3, 4].map((n, input) => ({ input, level: 'info', args: ['seen', { n }] })),
      durationMs: expect.any(Number),
    });
  });

  it('names line and column when the script does not load', async () => {
    expect((await test('function process(1) {}', [{}])).error).toMatchObject({ line: 1, column: 18 });
    expect((await test('null.x;\nfunction process() {}', [{}])).error).toMatchObject({
      line: 1,
      message: expect.stringContaining('TypeError'),
    });
    expect((await test('var a;', [{}])).error).toEqual({ message: 'The script declares no function named process.' });
  });

  it('keeps what was done before the script is given up', async () => {
    const source = 'function process(record) { if (record.n > 1) for (;;); return record; }';
    const result = await test(source, [{ n: 1 }, { n: 2 }, { n: 3 }, { n: 4 }], { limits: { timeoutMs: 500 } });
    expect(result.output).toEqual([{ n: 1 }]);
    expect(result.failed).toHaveLength(2);
    expect(result.error).toEqual({ message: 'The script ran out of time (520 ms) on 3 records. Look for a loop that does not end.' });
  });

  it('takes records only', async () => {
    expect((await test('function process() {}', [{}, [1]])).error).toEqual({ message: 'Input 2 is not a record. Give JSON objects.' });
  });
});
