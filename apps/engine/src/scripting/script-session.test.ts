import { describe, expect, it, vi } from 'vitest';
import { Batch, type DataRecord } from '#dataflow';
import { parseDsv } from '#formats/dsv/parse.ts';
import { openScript } from './script-session.ts';
import type { ScriptLimits, ScriptOptions } from './types.ts';

// Each test starts a process; a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

let jobs = 0;
const options = (source: string, more: Partial<ScriptOptions> = {}): ScriptOptions => ({
  source,
  ecmaVersion: '12',
  notifyLastRecord: false,
  ctx: { jobId: `job-${++jobs}`, dataflowId: 'flow-1', stepId: 'Script' },
  ...more,
});

/** All records in one batch, then the last call. */
async function run(source: string, records: DataRecord[], more: Partial<ScriptOptions> = {}) {
  await using session = await openScript(options(source, more));
  const main = await session.process(records);
  const last = await session.finish();
  return { ...main, results: [...main.results, ...last.results], last };
}

const body = (code: string) => `function process(record, ctx, logger, next, error) {\n${code}\n}`;

describe('the entry function', () => {
  it.each([
    ['a declaration', 'function process(record, ctx, logger, next) { return { n: record.n + 1 }; }'],
    ['a const', 'const process = (record) => ({ n: record.n + 1 });'],
    ['a var', 'var process = function (record) { return { n: record.n + 1 }; };'],
    ['an assignment', 'process = (record) => ({ n: record.n + 1 });'],
  ])('may be %s', async (_, source) => {
    expect((await run(source, [{ n: 1 }, { n: 2 }])).results).toEqual([{ n: 2 }, { n: 3 }]);
  });

  it('may change the record in place or return a new one', async () => {
    expect((await run(body('delete record.a; record.c = { d: [1, null] }; return record;'), [{ a: 1, b: 2 }])).results).toEqual([
      { b: 2, c: { d: [1, null] } },
    ]);
  });

  it('filters a record out by null or by no return', async () => {
    const output = await run(body('if (record.n === 1) return null; if (record.n === 2) return; return record;'), [
      { n: 1 },
      { n: 2 },
      { n: 3 },
    ]);
    expect(output).toMatchObject({ results: [{ n: 3 }], filtered: 2, failed: [] });
  });

  it('makes many of one by next.accept, each as it was at that moment', async () => {
    const output = await run(body('record.i = 1; next.accept(record); record.i = 2; next.accept(record); return { i: 3 };'), [{}]);
    expect(output).toMatchObject({ results: [{ i: 1 }, { i: 2 }, { i: 3 }], filtered: 0 });
  });

  it('sends a record to the error path by error.accept', async () => {
    const { results, failed, filtered } = await run(
      body("error.accept({ why: 'bad', _errorDetails: { errorMessage: 'x' } }, record); return null;"),
      [{ n: 1 }],
    );
    expect({ results, filtered }).toEqual({ results: [], filtered: 0 });
    expect(failed).toMatchObject([{ record: { why: 'bad', _errorDetails: { errorMessage: 'x' } }, error: { code: 'scriptFailed' } }]);
  });

  it('keeps variables outside it through the job, and gives ctx and its shared variables', async () => {
    const source = `var seen = 0;\n${body('seen++; ctx.setSharedVariable("int", (ctx.getSharedVariable("int") || 0) + record.n); return { seen, sum: ctx.getSharedVariable("int"), ids: [ctx.jobId, ctx.dataflowId, ctx.stepId] };')}`;
    const ctx = { jobId: 'job-x', dataflowId: 'flow-x', stepId: 'Step x' };
    await using session = await openScript(options(source, { ctx }));
    await session.process([{ n: 1 }]);
    const { results } = await session.process([{ n: 2 }]);
    expect(results).toEqual([{ seen: 2, sum: 3, ids: ['job-x', 'flow-x', 'Step x'] }]);
  });

  it('is called once more with null after the last record when asked for', async () => {
    const source = `let all = [];\n${body('if (record === null) return { all }; all.push(record.n); return null;')}`;
    expect((await run(source, [{ n: 1 }, { n: 2 }], { notifyLastRecord: true })).results).toEqual([{ all: [1, 2] }]);
    expect((await run(source, [{ n: 1 }])).results).toEqual([]);
  });

  it('may have the form of 2017, with records that have methods', async () => {
    const source = `function process(record, next, ctx, logger) {
  logger.log('begin');
  if (record != null) {
    if (record.containsField('data')) {
      var data = record.getField('data').getValueAsRecord();
      var entry = new Record();
      entry.addField('list', 'l2').addField('nested', new Record(), true);
      data.getField('lists').addValue(entry);
    }
    record.addField('first', record.getField('names').getValueAsString()).removeField('names');
  }
  next.accept(record);
}`;
    const { results, log } = await run(source, [{ names: ['a'], data: { lists: [{ list: 'l1' }] } }], {
      ecmaVersion: '5.1',
      notifyLastRecord: true,
    });
    expect(results).toEqual([{ data: { lists: [{ list: 'l1' }, { list: 'l2', nested: {} }] }, first: '["a"]' }]);
    expect(log).toEqual([{ level: 'info', args: ['begin'] }]);
  });

  it.each(['5.1', '12'] as const)('runs old and new syntax at level %s', async (ecmaVersion) => {
    const source = body(
      'var a = [1, 2]; const { n, ...rest } = record; return { sum: [...a].reduce(function (x, y) { return x + y; }, n), deep: rest.x?.y ?? `none` };',
    );
    expect((await run(source, [{ n: 1 }], { ecmaVersion })).results).toEqual([{ sum: 4, deep: 'none' }]);
  });
});

describe('logging', () => {
  it('takes any number of arguments of any kind', async () => {
    const source =
      body(`logger.debug('a', 1, record); logger.info(undefined, null, true); logger.warn(new TypeError('bad')); logger.error(10n, function f() {});
      logger.log({ toJSON() { throw 1; } }); console.log('c'); console.error('d'); return null;`);
    const { log } = await run(source, [{ n: 1 }]);
    expect(log).toEqual([
      { level: 'debug', args: ['a', 1, { n: 1 }] },
      { level: 'info', args: ['undefined', null, true] },
      { level: 'warn', args: ['TypeError: bad'] },
      { level: 'error', args: ['[value that JSON cannot hold]', 'function f() {}'] },
      { level: 'info', args: ['[value that JSON cannot hold]'] },
      { level: 'info', args: ['c'] },
      { level: 'error', args: ['d'] },
    ]);
  });

  it('keeps 1000 lines of a batch and says how many were left out', async () => {
    const { log } = await run(body('for (let i = 0; i < 1500; i++) logger.info(i); return null;'), [{}]);
    expect(log).toHaveLength(1001);
    expect(log.at(-1)).toEqual({ level: 'warn', args: ['The script logged more than one batch may; 500 lines or more were left out.'] });
  });
});

describe('a failing script', () => {
  it('fails that record as it came, with line and column of the source, and drops what the call had emitted', async () => {
    const source =
      'function process(record, ctx, logger, next) {\n  next.accept({ early: 1 });\n  record.changed = true;\n  return record.missing.field;\n}';
    const { results, failed } = await run(source, [{ n: 1 }]);
    expect(results).toEqual([]);
    expect(failed).toEqual([
      {
        record: { n: 1 },
        error: {
          code: 'scriptFailed',
          message: "TypeError: Cannot read properties of undefined (reading 'field') (line 4, column 25)",
          line: 4,
          column: 25,
        },
      },
    ]);
  });

  it.each([
    ['a thrown text', "throw 'no'", 'no'],
    ['a thrown object', 'throw { reason: 1 }', '{"reason":1}'],
    ['a thrown thing that cannot be shown', 'throw { toJSON() { throw 1; } }', 'The script threw something that cannot be shown.'],
    [
      'a promise',
      'return Promise.resolve(record)',
      'process must return a record, not a promise. A script works synchronously: there is nothing in it to wait for.',
    ],
    [
      'a promise that is rejected',
      'return Promise.reject(new Error("later"))',
      expect.stringMatching(/^process must return a record, not a promise\./),
    ],
    ['a list', 'return [record]', 'process must return one record, an object, not a list. Call next.accept(record) for each.'],
    ['a text', "return 'x'", 'process must return one record, an object, not string.'],
    ['a circle', 'record.self = record; return record', expect.stringMatching(/^TypeError: Converting circular structure to JSON/)],
    ['endless recursion', 'return process(record)', expect.stringMatching(/^RangeError: Maximum call stack size exceeded \(line 2/)],
    [
      'next.accept of a text',
      "next.accept('x')",
      expect.stringMatching(/^next\.accept takes one record, an object, not string\. \(line 2, column 6\)$/),
    ],
  ])('%s fails the record', async (_, code, message) => {
    const { results, failed } = await run(body(code), [{ n: 1 }]);
    expect(results).toEqual([]);
    expect(failed).toMatchObject([{ record: { n: 1 }, error: { code: 'scriptFailed', message } }]);
  });

  it('does not take a record after process has returned', async () => {
    const { results, log } = await run(body('Promise.resolve().then(() => next.accept({ late: 1 })); return record;'), [
      { n: 1 },
      { n: 2 },
    ]);
    expect(results).toEqual([{ n: 1 }, { n: 2 }]);
    expect(log).toEqual([
      {
        level: 'warn',
        args: ['A promise of the script was rejected and nothing handled it: next.accept was called after process had returned.'],
      },
    ]);
  });

  it.each([
    [
      'a syntax error',
      'function process(record) {\n  return {;\n}',
      /^The script does not load\. SyntaxError: Unexpected token ';' \(line 2, column 11\)$/,
    ],
    ['no process', 'function run() {}', /^The script does not load\. The script declares no function named process\.$/],
    [
      'a throw outside process',
      'var a = 1;\nthrow new Error("top");\nfunction process() {}',
      /^The script does not load\. Error: top \(line 2, column 7\)$/,
    ],
  ])('%s keeps it from opening', async (_, source, message) => {
    await expect(openScript(options(source))).rejects.toMatchObject({
      name: 'ConfigError',
      step: 'Script',
      field: 'params.script',
      message: expect.stringMatching(message),
    });
  });
});

describe('limits', () => {
  const limits: Partial<ScriptLimits> = { timeoutMs: 500, memoryMb: 32, maxOutputBytes: 1024 * 1024 };

  it.each([
    ['an endless loop', 'for (;;);'],
    ['an endless loop that catches', 'for (;;) { try { for (;;); } catch (e) {} }'],
    ['a catastrophic pattern', 'return { hit: /^(a+)+$/.test("a".repeat(60) + "b") };'],
  ])('%s fails its record; the others go on, with the state of the script', async (_, code) => {
    const source = `let seen = 0;\n${body(`seen++; if (record.n === 2) { ${code} } return { seen };`)}`;
    const { results, failed } = await run(source, [{ n: 1 }, { n: 2 }, { n: 3 }], { limits });
    expect(results).toEqual([{ seen: 1 }, { seen: 3 }]);
    expect(failed).toEqual([
      { record: { n: 2 }, error: { code: 'scriptLimit', message: 'The script ran out of time on this record (560 ms for its batch).' } },
    ]);
  });

  it('gives the script up when time runs out for the third time', async () => {
    await expect(run(body('for (;;);'), [{}, {}, {}, {}], { limits })).rejects.toMatchObject({
      name: 'FatalError',
      message: 'The script ran out of time (580 ms) on 3 records. Look for a loop that does not end.',
    });
  });

  it('does not open when the code outside process does not end', async () => {
    await expect(openScript(options('for (;;); function process() {}', { limits }))).rejects.toThrow(
      'The code outside process ran longer than 500 ms.',
    );
  });

  it.each([
    ['a list that grows', 'const all = []; for (;;) all.push({ a: 1, b: [1, 2, 3] });'],
    ['a map that grows', 'const all = new Map(); for (let i = 0; ; i++) all.set(i, { i });'],
    ['a huge array', 'return { n: new Array(5e8).fill(1).length };'],
  ])(
    '%s ends the script, and this process lives',
    async (_, code) => {
      const error = await run(body(code), [{ n: 1 }], { limits: { ...limits, timeoutMs: 2_000 } }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({
        name: 'FatalError',
        code: 400013,
        message: expect.stringMatching(/out of memory|did not stop when its time was over/),
      });
    },
    30_000,
  );

  it('refuses output that is too large, also a hundred megabytes of it', async () => {
    const { results, failed } = await run(body("return record.n === 1 ? { big: 'x'.repeat(1e8) } : record;"), [{ n: 1 }, { n: 2 }], {
      limits: { maxOutputBytes: 4 * 1024 * 1024, memoryMb: 512 },
    });
    expect(results).toEqual([{ n: 2 }]);
    expect(failed).toMatchObject([
      {
        record: { n: 1 },
        error: { code: 'scriptLimit', message: expect.stringMatching(/^The script's output for one batch is larger than 4 MB\./) },
      },
    ]);
  });

  it('refuses records emitted without end', async () => {
    const { failed } = await run(body('for (;;) next.accept(record);'), [{ n: 1 }], { limits });
    expect(failed).toMatchObject([{ error: { code: 'scriptLimit', message: expect.stringMatching(/larger than 1 MB/) } }]);
  });

  it('lets other scripts of the job go when one takes the process down', async () => {
    const jobId = 'shared-job';
    const ctx = { jobId, dataflowId: 'f', stepId: 'a' };
    await using quiet = await openScript(options(body('return record;'), { ctx }));
    expect((await quiet.process([{ n: 1 }])).results).toEqual([{ n: 1 }]);
    const bomb = body('const all = new Map(); for (let i = 0; ; i++) all.set(i, { i });');
    await using loud = await openScript(options(bomb, { ctx: { ...ctx, stepId: 'b' }, limits: { ...limits, timeoutMs: 20_000 } }));
    await expect(loud.process([{}])).rejects.toMatchObject({ name: 'FatalError' });
    await using again = await openScript(options(body('return record;'), { ctx }));
    expect((await again.process([{ n: 2 }])).results).toEqual([{ n: 2 }]);
  }, 30_000);
});

it('takes rows that were never decoded, whatever their columns are called, and gives failed ones back as they came', async () => {
  async function* chunks() {
    yield Buffer.from('id,__proto__,name\n1,x,"a ""b"""\n2,y,Zoë\n');
  }
  const dialect = { separator: ',', quote: '"', escapeWith: '"' };
  const parsing = { dialect, header: true, inferTypes: false, fileName: 'a.csv', onMalformed: () => undefined };
  const source = body(
    "if (record.id === '2') throw new Error('no'); return { own: Object.keys(record), proto: Object.getOwnPropertyDescriptor(record, '__proto__').value, name: record.name };",
  );
  await using session = await openScript(options(source));
  for await (const rows of parseDsv(chunks(), parsing)) {
    const output = await session.processBatch(Batch.ofRows(rows));
    expect(output.results).toEqual([{ own: ['id', '__proto__', 'name'], proto: 'x', name: 'a "b"' }]);
    expect(output.failed.map(({ record }) => Object.entries(record))).toEqual([
      [
        ['id', '2'],
        ['__proto__', 'y'],
        ['name', 'Zoë'],
      ],
    ]);
  }
});

describe('what a script cannot reach', () => {
  it.each([
    ['the host process', 'return { found: typeof process.env + typeof process.exit + typeof process.pid };'],
    ['modules', 'return { found: typeof require + typeof module + typeof exports };'],
    ['the network', 'return { found: typeof fetch + typeof XMLHttpRequest + typeof WebSocket };'],
    ['timers', 'return { found: typeof setTimeout + typeof setImmediate + typeof queueMicrotask };'],
    ['the engine’s own calls', 'return { found: typeof gc + typeof globalThis.gc + typeof print };'],
    ['memory outside its limit', 'return { found: typeof WebAssembly + typeof SharedArrayBuffer + typeof Atomics };'],
  ])('%s', async (_, code) => {
    expect((await run(body(code), [{}])).results).toEqual([{ found: 'undefined'.repeat(3) }]);
  });

  it.each([
    ['this', 'this.constructor'],
    ['the record', 'record.constructor'],
    ['ctx', 'ctx.getSharedVariable.constructor'],
    ['next', 'next.accept'],
    ['error', 'error.accept'],
    ['logger', 'logger.info'],
    ['an error object', '(() => { try { null.x; } catch (e) { return e; } })().constructor'],
    ['a stack overflow', '(() => { const f = () => f(); try { f(); } catch (e) { return e; } })().constructor'],
    ['a complaint of next.accept', "(() => { try { next.accept('x'); } catch (e) { return e; } })().constructor"],
  ])('the host by a constructor of %s', async (_, expression) => {
    const code = `const F = (${expression}).constructor; const global = F('return globalThis')();
      return { own: global === globalThis, host: typeof global.process.versions + typeof F('return typeof require')().length, found: F('return typeof require + typeof globalThis.process.mainModule')() };`;
    expect((await run(body(code), [{}])).results).toEqual([{ own: true, host: 'undefinednumber', found: 'undefinedundefined' }]);
  });

  it('the host by import', async () => {
    const { results } = await run(
      body("globalThis.seen ??= 'none'; import('node:fs').then(() => { seen = 'fs'; }, () => { seen = 'refused'; }); return { seen };"),
      [{}],
    );
    expect(results).toEqual([{ seen: 'none' }]);
    const twice = `let seen = 'none';\n${body("if (record.n === 1) import('node:fs').then(() => { seen = 'fs'; }, () => { seen = 'refused'; }); return { seen };")}`;
    await using session = await openScript(options(twice));
    await session.process([{ n: 1 }]);
    expect((await session.process([{ n: 2 }])).results).toEqual([{ seen: 'refused' }]);
  });

  it('records of the host: a script that spoils its own surroundings spoils its own answers only', async () => {
    const source = `${body('return record;')}\nObject.prototype.toJSON = function () { return 5; };`;
    const { results, failed } = await run(source, [{ n: 1 }]);
    expect(results).toEqual([]);
    expect(failed).toMatchObject([{ record: { n: 1 } }]);
    expect(JSON.stringify({ n: 1 })).toBe('{"n":1}');
  });
});

describe('cancelling', () => {
  it('ends a running script at once and rejects what is under way', async () => {
    const controller = new AbortController();
    const session = await openScript(options(body('for (;;);'), { signal: controller.signal }));
    const running = session.process([{ n: 1 }]);
    controller.abort();
    await expect(running).rejects.toMatchObject({ name: 'CancelledError' });
    await expect(session.process([{ n: 2 }])).rejects.toMatchObject({ name: 'CancelledError' });
    await session[Symbol.asyncDispose]();
  });

  it('opens nothing when it was cancelled before', async () => {
    await expect(openScript(options(body('return record;'), { signal: AbortSignal.abort() }))).rejects.toMatchObject({
      name: 'CancelledError',
    });
  });

  it('answers batches in their order when several are under way', async () => {
    await using session = await openScript(options(body('return { n: record.n };')));
    const answers = await Promise.all([1, 2, 3, 4].map((n) => session.process([{ n }])));
    expect(answers.map(({ results }) => results)).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }], [{ n: 4 }]]);
  });
});
