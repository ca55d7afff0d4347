import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  Batch,
  defineBatchTransformer,
  defineFileReader,
  defineFileTransformer,
  defineFileWriter,
  defineFormatter,
  defineLookup,
  defineParser,
  defineRecordReader,
  defineRecordTransformer,
  defineRecordWriter,
  type FlowFile,
  RecordError,
} from '#dataflow';
import { fileOf } from './file-of.ts';
import { hostileRecords, withProto } from './hostile.ts';
import { leakCheck } from './leak-check.ts';
import { runComponent } from './run-component.ts';

const words = { title: 'T', summary: 'S.', examples: [], params: z.object({ n: z.int().default(1) }) };

async function textOf(file: FlowFile): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of file.read()) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

describe('running one component alone', () => {
  it('runs record transformers: results, filtered records, failures', async () => {
    const component = defineRecordTransformer({
      ...words,
      type: 'x',
      compile:
        ({ n }) =>
        (record) => {
          if (record.a === 'bad') throw new RecordError('no good', { code: 'invalidRecord' });
          return record.a === null ? undefined : { ...record, n };
        },
    });
    const run = await runComponent(component, { params: { n: '5' }, records: [{ a: 1 }, { a: 'bad' }, { a: null }] });
    expect(run.records).toEqual([{ a: 1, n: 5 }]);
    expect(run.errors).toEqual([{ a: 'bad', _errorDetails: { errorCode: 400009, errorMessage: 'no good' } }]);
  });

  it('never changes the records it was given', async () => {
    const input = [{ a: { b: 1 } }];
    const component = defineRecordTransformer({ ...words, type: 'x', compile: () => (record) => Object.assign(record, { a: 2 }) });
    expect((await runComponent(component, { records: input })).records).toEqual([{ a: 2 }]);
    expect(input).toEqual([{ a: { b: 1 } }]);
  });

  it('opens a connection before use and closes it always', async () => {
    const events: string[] = [];
    const component = defineRecordWriter({
      ...words,
      type: 'x',
      delivery: 'at-least-once',
      batchSize: () => 2,
      connect: async () => {
        events.push('open');
        return {
          test: async () => 'ok',
          [Symbol.asyncDispose]: async () => {
            events.push('close');
          },
        };
      },
      write: async (records, ctx) => {
        events.push(`write ${records.length}`);
        if (records[0]?.a === 9) throw new Error('gone');
        ctx.log.info('wrote', records.length);
        ctx.reject({ a: 0 }, new RecordError('refused', { code: 7 }));
        return records;
      },
    });
    const run = await runComponent(component, { records: [{ a: 1 }, { a: 2 }, { a: 3 }] });
    expect(events).toEqual(['open', 'write 2', 'write 1', 'close']);
    expect(run.records).toHaveLength(3);
    expect(run.errors[0]).toEqual({ a: 0, _errorDetails: { errorCode: 7, errorMessage: 'refused' } });
    expect(run.log[0]).toEqual({ level: 'info', message: 'wrote', data: [2] });
    await expect(runComponent(component, { records: [{ a: 9 }] })).rejects.toThrow('gone');
    expect(events.at(-1)).toBe('close');
  });

  it('runs readers with total and positions, and stops them early', async () => {
    let released = 0;
    const component = defineRecordReader({
      ...words,
      type: 'x',
      read: async function* ({ expect: tell }) {
        tell(2);
        try {
          yield { item: Batch.of([{ a: 1 }]), position: 1 };
          yield { item: Batch.of([{ a: 2 }]), position: 2 };
        } finally {
          released++;
        }
      },
    });
    expect(await runComponent(component)).toMatchObject({ records: [{ a: 1 }, { a: 2 }], total: 2, positions: [1, 2] });
    expect(await runComponent(component, { stopAfter: 1 })).toMatchObject({ records: [{ a: 1 }] });
    expect(released).toBe(2);
  });

  it('runs lookups, batch transformers, parsers, formatters, file transformers, file readers and writers', async () => {
    const lookup = defineLookup({ ...words, type: 'x', lookup: async (records) => records.slice(1) });
    expect((await runComponent(lookup, { records: [{ a: 1 }, { a: 2 }] })).records).toEqual([{ a: 2 }]);
    const batches = defineBatchTransformer({
      ...words,
      type: 'x',
      transform: async function* (all) {
        for await (const batch of all) yield Batch.of([{ size: batch.size }]);
      },
    });
    const sizes = await runComponent(batches, { records: [{}, {}, {}], batchSize: 2 });
    expect([sizes.records, sizes.unreleased]).toEqual([[{ size: 2 }, { size: 1 }], 0]);
    const parser = defineParser({
      ...words,
      type: 'x',
      parse: async function* (file) {
        for await (const chunk of file.read()) yield Batch.of([{ name: file.name, bytes: chunk.length }]);
      },
    });
    const parsed = await runComponent(parser, { files: { a: 'xyz' }, chunkSize: 2 });
    expect(parsed.records).toEqual([
      { name: 'a', bytes: 2 },
      { name: 'a', bytes: 1 },
    ]);
    const formatter = defineFormatter({
      ...words,
      type: 'x',
      format: async function* (all) {
        let text = '';
        for await (const batch of all) text += JSON.stringify(batch.records);
        yield fileOf('out.json', text);
      },
    });
    expect((await runComponent(formatter, { records: [{ a: 'é' }] })).files).toMatchObject([{ name: 'out.json', text: '[{"a":"é"}]' }]);
    const copy = defineFileTransformer({
      ...words,
      type: 'x',
      transform: async function* (file) {
        yield { name: `${file.name}.copy`, read: () => file.read() };
      },
    });
    const copied = await runComponent(copy, { files: { a: new Uint8Array([0, 255]) } });
    expect(copied.files).toMatchObject([{ name: 'a.copy', bytes: new Uint8Array([0, 255]) }]);
    const reader = defineFileReader({
      ...words,
      type: 'x',
      read: async function* () {
        yield { item: fileOf('b', 'text') };
      },
    });
    expect((await runComponent(reader)).files).toMatchObject([{ name: 'b', text: 'text' }]);
    const written: string[] = [];
    const writer = defineFileWriter({
      ...words,
      type: 'x',
      delivery: 'published-once',
      write: async (file) => void written.push(`${file.name} ${await textOf(file)}`),
    });
    await runComponent(writer, { files: { c: '1', d: '2' } });
    expect(written).toEqual(['c 1', 'd 2']);
  });

  it('sees input that was begun and not let go', async () => {
    const component = defineParser({
      ...words,
      type: 'x',
      parse: async function* (file) {
        await file.read()[Symbol.asyncIterator]().next();
        yield Batch.of([]);
      },
    });
    expect((await runComponent(component, { files: { a: 'xyz' }, chunkSize: 1 })).unreleased).toBe(1);
  });

  it('refuses parameters that the schema refuses', async () => {
    const component = defineRecordTransformer({ ...words, type: 'x', compile: () => (record) => record });
    await expect(runComponent(component, { params: { n: 'many' } })).rejects.toThrow('params.n:');
  });
});

describe('the leak check', () => {
  const impatient = { patienceMs: 50 };

  it('passes what cleans up, and returns its result', async () => {
    expect(await leakCheck(async () => 7)).toBe(7);
  });

  it('finds listeners left on the signal', async () => {
    await expect(leakCheck(async (signal) => signal.addEventListener('abort', () => {}), impatient)).rejects.toThrow('abort listener');
  });

  it('finds sockets and timers left open', async () => {
    const server = createServer();
    await expect(leakCheck(() => new Promise<void>((done) => server.listen(0, '127.0.0.1', done)), impatient)).rejects.toThrow(/Left open/);
    server.close();
    let timer: NodeJS.Timeout | undefined;
    const leak = async () => {
      timer = setTimeout(() => {}, 60_000);
    };
    await expect(leakCheck(leak, impatient)).rejects.toThrow('timer');
    clearTimeout(timer);
    expect(
      await leakCheck(
        async () =>
          setTimeout(() => {}, 60_000)
            .unref()
            .hasRef(),
        impatient,
      ),
    ).toBe(false);
  });
});

describe('hostile records', () => {
  it('hold __proto__ as a name of their own', () => {
    expect(Object.keys(withProto())).toEqual(['__proto__', 'a']);
    expect(hostileRecords().length).toBeGreaterThan(30);
  });
});
