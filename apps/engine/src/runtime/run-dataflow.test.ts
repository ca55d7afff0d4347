import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  Batch,
  type Component,
  type Connection,
  type DataflowDocument,
  type DataRecord,
  defineFileReader,
  defineFileTransformer,
  defineFileWriter,
  defineFormatter,
  defineLookup,
  defineParser,
  defineRecordReader,
  defineRecordTransformer,
  defineRecordWriter,
  FatalError,
  type FlowFile,
  type JobSnapshot,
  RecordError,
  RetryableError,
  type TraceLine,
} from '#dataflow';
import { openAccess } from './access.ts';
import { type RunOptions, runDataflow } from './run-dataflow.ts';

const about = { title: 't', summary: 's', examples: [] };
const none = z.object({});

/** What the components of one test saw and made. */
class World {
  written: DataRecord[] = [];
  calls: number[] = [];
  files: Record<string, string> = {};
  order: string[] = [];
  closed: string[] = [];
  made = 0;
  callsInFlight = 0;
  mostInFlight = 0;
  busyFor = 0;

  readonly components: Component[] = [
    defineRecordReader({
      ...about,
      type: 'numbers',
      params: z.object({ count: z.number(), size: z.number().default(100) }),
      read: (ctx) => this.#numbers(ctx.params.count, ctx.params.size, (total) => ctx.expect(total)),
    }),
    defineRecordTransformer({
      ...about,
      type: 'double',
      params: none,
      compile: () => (record) => ({ ...record, double: (record.n as number) * 2 }),
    }),
    defineRecordTransformer({
      ...about,
      type: 'even',
      params: none,
      compile: () => (record) => ((record.n as number) % 2 === 0 ? record : undefined),
    }),
    defineRecordTransformer({
      ...about,
      type: 'fail-thirds',
      params: none,
      compile: () => (record) => {
        if ((record.n as number) % 3 === 0) throw new RecordError('divisible by three', { code: 'invalidRecord' });
        return record;
      },
    }),
    defineRecordTransformer({
      ...about,
      type: 'mark',
      params: z.object({ as: z.string() }),
      compile:
        ({ as }) =>
        (record) =>
          Object.assign(record, { mark: as }),
    }),
    defineLookup({
      ...about,
      type: 'lookup',
      params: none,
      lookup: async (records) => records.map((record) => ({ ...record, found: true })),
    }),
    defineLookup({
      ...about,
      type: 'lookup-many',
      params: none,
      multiplies: true,
      batchSize: () => 10,
      lookup: async (records, { reject }) =>
        records.flatMap((record) => {
          const n = record.n as number;
          if (n % 5 === 0) reject(record, new RecordError('divisible by five', { code: 'notFound' }));
          return n % 5 === 0 || n % 2 === 1 ? [] : n % 4 === 0 ? [record, { ...record }, { ...record }] : [record];
        }),
    }),
    defineRecordWriter({
      ...about,
      type: 'write',
      params: z.object({
        size: z.number().default(10),
        concurrency: z.number().default(1),
        poison: z.number().default(-1),
        poisonIsOfRecords: z.boolean().default(true),
        secret: z.string().meta({ secret: true }).optional(),
      }),
      delivery: 'at-least-once',
      batchSize: ({ size }) => size,
      concurrency: ({ concurrency }) => concurrency,
      connect: async (): Promise<Connection> => ({
        test: async () => 'ok',
        [Symbol.asyncDispose]: async () => void this.closed.push('write'),
      }),
      write: async (records, ctx) => {
        this.mostInFlight = Math.max(this.mostInFlight, ++this.callsInFlight);
        await new Promise((resolve) => setImmediate(resolve));
        this.callsInFlight--;
        this.calls.push(records.length);
        if (records.some((record) => record.n === ctx.params.poison))
          throw new RetryableError('server error', { code: 500001, retryAfterMs: 1, ofRecords: ctx.params.poisonIsOfRecords });
        if (this.busyFor-- > 0) throw new RetryableError('busy', { code: 403048, retryAfterMs: 1 });
        const refused = records.filter((record) => record.n === 13);
        for (const record of refused) ctx.reject(record, new RecordError(`refused, password ${ctx.params.secret ?? ''}`, { code: 400009 }));
        const passed = records.filter((record) => record.n !== 13);
        this.written.push(...passed);
        return passed;
      },
    }),
    defineRecordWriter({
      ...about,
      type: 'break',
      params: z.object({ after: z.number() }),
      delivery: 'at-least-once',
      write: async (records) => {
        this.written.push(...records);
        throw new FatalError('the target is gone', { code: 'connectionFailed', details: { host: 'target.example.com', port: 22 } });
      },
    }),
    defineFormatter({
      ...about,
      type: 'lines',
      params: z.object({ name: z.string() }),
      format: (batches, ctx) => linesOf(batches, ctx.params.name),
    }),
    defineFileTransformer({
      ...about,
      type: 'upper',
      params: none,
      async *transform(file) {
        yield { name: `${file.name}.up`, read: () => upper(file.read()) };
      },
    }),
    defineFileWriter({
      ...about,
      type: 'store',
      params: none,
      delivery: 'published-once',
      write: async (file) => {
        let text = '';
        for await (const chunk of file.read()) text += Buffer.from(chunk).toString();
        this.files[file.name] = text;
        this.order.push(file.name);
      },
    }),
    defineFileReader({
      ...about,
      type: 'folder',
      params: none,
      async *read() {
        for (const name of ['a', 'b']) yield { item: { name, read: () => chunks(`${name}1\n${name}2\n`) } };
      },
    }),
    defineParser({
      ...about,
      type: 'parse-lines',
      params: none,
      async *parse(file) {
        for await (const chunk of file.read()) {
          yield Batch.of(
            Buffer.from(chunk)
              .toString()
              .split('\n')
              .filter(Boolean)
              .map((line) => ({ line })),
          );
        }
      },
    }),
  ];

  async *#numbers(count: number, size: number, expectTotal: (total: number) => void) {
    expectTotal(count);
    try {
      for (let n = 0; n < count; n += size) {
        const batch = Array.from({ length: Math.min(size, count - n) }, (_, i) => ({ n: n + i }));
        this.made += batch.length;
        yield { item: Batch.of(batch) };
      }
    } finally {
      this.closed.push('numbers');
    }
  }
}

async function* chunks(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function* upper(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for await (const chunk of bytes) yield Buffer.from(Buffer.from(chunk).toString().toUpperCase());
}

async function* linesOf(batches: AsyncIterable<Batch>, name: string): AsyncGenerator<FlowFile> {
  yield {
    name,
    async *read() {
      for await (const batch of batches) yield Buffer.from(batch.records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    },
  };
}

const flow = (steps: DataflowDocument['steps']): DataflowDocument => ({ name: 'test', steps });

async function run(
  world: World,
  document: DataflowDocument,
  options: Partial<RunOptions> = {},
): Promise<{ result: JobSnapshot; trace: TraceLine[]; snapshots: JobSnapshot[] }> {
  const trace: TraceLine[] = [];
  const snapshots: JobSnapshot[] = [];
  const result = await runDataflow({
    document,
    components: (type) => world.components.find((component) => component.type === type),
    job: {
      id: 'j1',
      dataflowId: 'd1',
      dataflowName: 'test',
      startTime: new Date('2026-01-02T03:04:05Z'),
      attemptNumber: 1,
      test: false,
      changedSince: undefined,
      fullExtract: true,
    },
    logLevel: 'info',
    access: openAccess(),
    signal: new AbortController().signal,
    onTrace: (line) => trace.push(line),
    onSnapshot: (snapshot) => snapshots.push(snapshot),
    ...options,
  });
  return { result, trace, snapshots };
}

const counts = (result: JobSnapshot) =>
  Object.fromEntries(
    result.steps.map(({ step, input, output, failed, filtered, balanced }) => [step, { input, output, failed, filtered, balanced }]),
  );

describe('a run', () => {
  it('carries records through fused transformers into a writer and accounts for each of them', async () => {
    const world = new World();
    const { result } = await run(
      world,
      flow([
        { id: 'in', type: 'numbers', params: { count: 250 }, next: ['double'] },
        { id: 'double', type: 'double', next: ['even'] },
        { id: 'even', type: 'even', next: ['out'] },
        { id: 'out', type: 'write' },
      ]),
    );
    expect(result.status).toBe('succeeded');
    expect(result.processedRecords).toBe(250);
    expect(result.totalRecords).toBe(250);
    expect(counts(result)).toEqual({
      in: { input: 0, output: 250, failed: 0, filtered: 0, balanced: true },
      double: { input: 250, output: 250, failed: 0, filtered: 0, balanced: true },
      even: { input: 250, output: 125, failed: 0, filtered: 125, balanced: true },
      out: { input: 125, output: 125, failed: 0, filtered: 0, balanced: true },
    });
    expect(result.arrows).toContainEqual({ from: 'double', to: 'even', path: 'next', count: 250 });
    expect(result.arrows).toContainEqual({ from: 'even', to: 'out', path: 'next', count: 125 });
    expect(world.written).toHaveLength(125);
    expect(world.written[1]).toEqual({ n: 2, double: 4 });
    expect(world.closed).toEqual(['numbers', 'write']);
  });

  it('gives every branch of a split its own copy', async () => {
    const world = new World();
    await run(
      world,
      flow([
        { id: 'in', type: 'numbers', params: { count: 3 }, next: ['a', 'b'] },
        { id: 'a', type: 'mark', params: { as: 'a' }, next: ['fa'] },
        { id: 'b', type: 'mark', params: { as: 'b' }, next: ['fb'] },
        { id: 'fa', type: 'lines', params: { name: 'a.txt' }, next: ['store'] },
        { id: 'fb', type: 'lines', params: { name: 'b.txt' }, next: ['store'] },
        { id: 'store', type: 'store' },
      ]),
    );
    expect(world.files['a.txt']).toBe('{"n":0,"mark":"a"}\n{"n":1,"mark":"a"}\n{"n":2,"mark":"a"}\n');
    expect(world.files['b.txt']).toBe('{"n":0,"mark":"b"}\n{"n":1,"mark":"b"}\n{"n":2,"mark":"b"}\n');
  });

  it('writes files that meet in one writer in the order of the next list, however large they are', async () => {
    const world = new World();
    const { result } = await run(
      world,
      flow([
        { id: 'store', type: 'store' },
        { id: 'marker', type: 'lines', params: { name: 'marker' }, next: ['store'] },
        { id: 'data', type: 'lines', params: { name: 'data' }, next: ['store'] },
        { id: 'in', type: 'numbers', params: { count: 50_000 }, next: ['data', 'marker'] },
      ]),
    );
    expect(result.status).toBe('succeeded');
    expect(world.order).toEqual(['data', 'marker']);
  });

  it('sends failed records, as they entered the step, with their error down the error path', async () => {
    const world = new World();
    const { result } = await run(
      world,
      flow([
        { id: 'in', type: 'numbers', params: { count: 4 }, next: ['thirds'] },
        { id: 'thirds', type: 'fail-thirds', next: ['good'], error: ['bad'] },
        { id: 'good', type: 'lines', params: { name: 'good' }, next: ['store'] },
        { id: 'bad', type: 'lines', params: { name: 'bad' }, next: ['store'] },
        { id: 'store', type: 'store' },
      ]),
    );
    expect(result.status).toBe('succeeded');
    expect(result.outcome).toMatch(/2 records have failed/);
    expect(world.files.good).toBe('{"n":1}\n{"n":2}\n');
    expect(world.files.bad).toBe(
      '{"n":0,"_errorDetails":{"errorCode":400009,"errorMessage":"divisible by three"}}\n{"n":3,"_errorDetails":{"errorCode":400009,"errorMessage":"divisible by three"}}\n',
    );
    expect(result.errors).toEqual([{ step: 'thirds', code: 400009, message: 'divisible by three', count: 2 }]);
    expect(result.arrows).toContainEqual({ from: 'thirds', to: 'bad', path: 'error', count: 2 });
  });

  it('counts failed records of a step without an error path and goes on', async () => {
    const world = new World();
    const { result } = await run(
      world,
      flow([
        { id: 'in', type: 'numbers', params: { count: 20 }, next: ['out'] },
        { id: 'out', type: 'write' },
      ]),
    );
    expect(result.status).toBe('succeeded');
    expect(counts(result).out).toEqual({ input: 20, output: 19, failed: 1, filtered: 0, balanced: true });
  });

  it('calls a writer with the batches its target takes, no more at a time than allowed, and repeats what may be repeated', async () => {
    const world = new World();
    world.busyFor = 2;
    const { result, trace } = await run(
      world,
      flow([
        { id: 'in', type: 'numbers', params: { count: 1000 }, next: ['out'] },
        { id: 'out', type: 'write', params: { size: 30, concurrency: 4 } },
      ]),
    );
    expect(result.status).toBe('succeeded');
    expect(world.written).toHaveLength(999);
    expect(Math.max(...world.calls)).toBe(30);
    expect(world.mostInFlight).toBe(4);
    expect(trace.filter((line) => line.message.includes('Trying again'))).toHaveLength(2);
  });

  it('fails only the records of a call that may be at fault themselves, once its tries are used up', async () => {
    const world = new World();
    const { result, trace } = await run(
      world,
      flow([
        { id: 'in', type: 'numbers', params: { count: 10 }, next: ['out'] },
        { id: 'out', type: 'write', params: { size: 2, poison: 5 }, error: ['bad'] },
        { id: 'bad', type: 'lines', params: { name: 'bad' }, next: ['store'] },
        { id: 'store', type: 'store' },
      ]),
    );
    expect(result).toMatchObject({ status: 'succeeded', errors: [{ step: 'out', code: 500001, message: 'server error', count: 2 }] });
    expect(counts(result).out).toEqual({ input: 10, output: 8, failed: 2, filtered: 0, balanced: true });
    expect(world.files.bad?.match(/"n":\d/g)).toEqual(['"n":4', '"n":5']);
    expect(trace.filter((line) => line.message.includes('Trying again'))).toHaveLength(5);
  });

  it('fails the job when the tries of a call are used up for another reason', async () => {
    const world = new World();
    const { result } = await run(
      world,
      flow([
        { id: 'in', type: 'numbers', params: { count: 10 }, next: ['out'] },
        { id: 'out', type: 'write', params: { size: 2, poison: 5, poisonIsOfRecords: false } },
      ]),
    );
    expect(result).toMatchObject({ status: 'failed', outcome: 'out: server error' });
  });

  it('stops at the record limit without reading on', async () => {
    const world = new World();
    const { result } = await run(
      world,
      flow([
        { id: 'in', type: 'numbers', params: { count: 100_000, size: 7 }, next: ['out'] },
        { id: 'out', type: 'write' },
      ]),
      { limit: 10 },
    );
    expect(result).toMatchObject({ status: 'succeeded', processedRecords: 10, totalRecords: 10 });
    expect(world.written).toHaveLength(10);
    expect(world.made).toBe(14);
  });

  it('applies the limit where files become records', async () => {
    const world = new World();
    const { result } = await run(
      world,
      flow([
        { id: 'in', type: 'folder', next: ['p'] },
        { id: 'p', type: 'parse-lines', next: ['out'] },
        { id: 'out', type: 'write' },
      ]),
      { limit: 3 },
    );
    expect(world.written.map((record) => record.line)).toEqual(['a1', 'a2', 'b1']);
    expect(result.processedRecords).toBe(3);
  });

  it('streams files through transformers, and gives a file to two branches', async () => {
    const world = new World();
    await run(
      world,
      flow([
        { id: 'in', type: 'folder', next: ['upper', 'store'] },
        { id: 'upper', type: 'upper', next: ['store'] },
        { id: 'store', type: 'store' },
      ]),
    );
    expect(world.files).toEqual({ a: 'a1\na2\n', b: 'b1\nb2\n', 'a.up': 'A1\nA2\n', 'b.up': 'B1\nB2\n' });
  });

  it('a lookup may make many records of one, or none, and the counts still add up', async () => {
    const world = new World();
    const steps = (count: number) => [
      { id: 'in', type: 'numbers', params: { count }, next: ['lk'] },
      { id: 'lk', type: 'lookup-many', next: ['out'] },
      { id: 'out', type: 'write' },
    ];
    const few = await run(world, flow(steps(4)));
    expect(counts(few.result).lk).toEqual({ input: 4, output: 1, failed: 1, filtered: 2, balanced: true });
    const many = await run(world, flow(steps(20)));
    expect(counts(many.result).lk).toEqual({ input: 20, output: 16, failed: 4, filtered: 0, balanced: true });
    expect(many.result.outcome).not.toMatch(/Unbalanced/);
  });

  it('fails with step, cause and facts when a step breaks, and closes what is open', async () => {
    const world = new World();
    const { result, trace } = await run(
      world,
      flow([
        { id: 'in', type: 'numbers', params: { count: 100_000 }, next: ['lk'] },
        { id: 'lk', type: 'lookup', next: ['out'] },
        { id: 'out', type: 'break', params: { after: 1 } },
      ]),
    );
    expect(result.status).toBe('failed');
    expect(result.outcome).toBe('out: the target is gone');
    expect(trace.at(-1)).toMatchObject({ level: 'ERROR', step: 'System', message: 'Job has failed.' });
    expect(trace.at(-2)).toMatchObject({
      level: 'ERROR',
      step: 'out',
      message: 'the target is gone',
      data: { host: 'target.example.com', port: 22 },
    });
    expect(world.closed).toContain('numbers');
    expect(world.made).toBeLessThan(100_000);
  });

  it('ends as killed when its signal is raised', async () => {
    const world = new World();
    const stop = new AbortController();
    const { result, trace } = await run(
      world,
      flow([
        { id: 'in', type: 'numbers', params: { count: 1e9 }, next: ['out'] },
        { id: 'out', type: 'write' },
      ]),
      {
        signal: stop.signal,
        onSnapshot: () => stop.abort(),
      },
    );
    expect(result).toMatchObject({ status: 'killed', outcome: 'The job was stopped.' });
    expect(trace.at(-1)).toMatchObject({ level: 'INFO', step: 'System', message: 'Job was stopped.' });
    expect(trace.filter(({ level }) => level === 'ERROR')).toEqual([]);
    expect(world.closed.sort()).toEqual(['numbers', 'write']);
  });

  it('keeps secrets out of trace, errors and outcome', async () => {
    const world = new World();
    const { result, trace } = await run(
      world,
      flow([
        { id: 'in', type: 'numbers', params: { count: 20 }, next: ['out'] },
        { id: 'out', type: 'write', params: { secret: 'hunter2-secret' } },
      ]),
      { logLevel: 'debug' },
    );
    expect(JSON.stringify([result, trace])).not.toContain('hunter2');
    expect(result.errors[0]?.message).toBe('refused, password ********');
  });

  it('shows up to three records of a batch between steps at level debug, and nothing but errors at level error', async () => {
    const document = flow([
      { id: 'in', type: 'numbers', params: { count: 200 }, next: ['double'] },
      { id: 'double', type: 'double', next: ['out'] },
      { id: 'out', type: 'write' },
    ]);
    const debug = await run(new World(), document, { logLevel: 'debug' });
    expect(debug.trace.filter((line) => line.level === 'DEBUG' && line.step === 'double').map((line) => line.data)).toEqual(
      [0, 1, 2, 100, 101, 102].map((n) => ({ n, double: n * 2 })),
    );
    const quiet = await run(new World(), document, { logLevel: 'error' });
    expect(quiet.trace).toEqual([]);
  });

  it('says in the trace when it reads only what changed', async () => {
    const job = {
      id: 'j1',
      dataflowId: 'd1',
      dataflowName: 'test',
      startTime: new Date(),
      attemptNumber: 1,
      test: false,
      changedSince: new Date('2026-01-02T00:00:00Z'),
      fullExtract: false,
    };
    const { trace } = await run(new World(), flow([{ id: 'in', type: 'numbers', params: { count: 1 } }]), { job });
    expect(trace[1]?.message).toContain('after 2026-01-02T00:00:00.000Z');
  });

  it('does not start when parameters are wrong, and names step and field', async () => {
    const { result } = await run(new World(), flow([{ id: 'in', type: 'numbers', params: { count: 'many' } }]));
    expect(result.status).toBe('failed');
    expect(result.outcome).toMatch(/^in: .*count/);
  });
});
