import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  Batch,
  type Component,
  type ConnectContext,
  type Connection,
  copyRecord,
  type DataRecord,
  type FlowFile,
  type Json,
  type RecordFunction,
  readParams,
  type StepContext,
  traitsOf,
} from '#dataflow';
import { type FakeContextOptions, fakeContext, type LogEntry, rejected } from './fake-context.ts';
import { fileOf, type OpenStreams, tracked } from './file-of.ts';

export interface RunComponentOptions extends Omit<FakeContextOptions, 'params' | 'spoolFolder'> {
  /** As a document stores them; read and completed by the component's schema. */
  params?: DataRecord;
  records?: readonly DataRecord[];
  /** Records in one batch; 256 when not given. */
  batchSize?: number;
  /** Name to content of the files that come in. */
  files?: Record<string, string | Uint8Array>;
  /** Bytes in one chunk of a file that comes in; 64 KiB when not given. */
  chunkSize?: number;
  /** Stop after so many batches or chunks, as a runtime does that needs no more. */
  stopAfter?: number;
}

export interface OutputFile {
  name: string;
  bytes: Uint8Array;
  /** The bytes read as UTF-8. */
  text: string;
}

export interface ComponentRun {
  records: DataRecord[];
  files: OutputFile[];
  /** Records that ended on the error path, with `_errorDetails`. */
  errors: DataRecord[];
  log: LogEntry[];
  /** What a reader told about its total. */
  total: number | undefined;
  /** Positions a reader gave, one for each batch or file that had one. */
  positions: Json[];
  /** Input streams that were begun and neither read to their end nor let go. */
  unreleased: number;
}

/**
 * Runs one component alone, of any kind, without a runtime: opens its connection, feeds it, collects what it gives, closes it.
 * Throws what the component throws; parameters that its schema refuses are thrown as an Error naming the issues.
 */
export async function runComponent(component: Component, options: RunComponentOptions = {}): Promise<ComponentRun> {
  const { params, issues } = readParams(traitsOf(component), options.params);
  if (params === undefined) throw new Error(issues.map(({ field, message }) => `${field}: ${message}`).join(' '));
  const spoolFolder = await mkdtemp(path.join(tmpdir(), 'idsync-test-'));
  const run: ComponentRun = { records: [], files: [], errors: [], log: [], total: undefined, positions: [], unreleased: 0 };
  const streams: OpenStreams = { open: 0 };
  const ctx = fakeContext({ ...options, params, spoolFolder, log: run.log, rejected: run.errors, onTotal: (total) => (run.total = total) });
  const connection = await connect(component, params, ctx);
  try {
    await feed(component, { ...ctx, connection } as StepContext<Record<string, unknown>, Connection>, { options, run, streams });
  } finally {
    await connection?.[Symbol.asyncDispose]();
    await rm(spoolFolder, { recursive: true, force: true });
    run.unreleased = streams.open;
  }
  return run;
}

interface Feed {
  options: RunComponentOptions;
  run: ComponentRun;
  streams: OpenStreams;
}

function connect(component: Component, params: unknown, ctx: ConnectContext): Promise<Connection> | undefined {
  const connects = component as { connect?(params: unknown, ctx: ConnectContext): Promise<Connection> };
  return connects.connect?.(params, ctx);
}

async function feed(component: Component, ctx: StepContext<Record<string, unknown>, Connection>, { options, run, streams }: Feed) {
  const stopAfter = options.stopAfter ?? Number.POSITIVE_INFINITY;
  const records = (options.records ?? []).map(copyRecord);
  const files = Object.entries(options.files ?? {}).map(([name, content]) =>
    fileOf(name, content, { chunkSize: options.chunkSize, streams }),
  );
  const batches = () => tracked(batchesOf(records, options.batchSize ?? 256), streams);
  switch (component.kind) {
    case 'reader':
      if (component.emits === 'records') await collectBatches(items(component.read(ctx), run), run, stopAfter);
      else await collectFiles(items(component.read(ctx), run), run, stopAfter);
      return;
    case 'lookup':
      for (const group of groups(records, component.batchSize?.(ctx.params) ?? 256))
        run.records.push(...(await component.lookup(group, ctx)));
      return;
    case 'record-transformer':
      apply(component.compile(ctx.params, ctx), records, run);
      return;
    case 'batch-transformer':
      await collectBatches(component.transform(batches(), ctx), run, stopAfter);
      return;
    case 'parser':
      for (const file of files) await collectBatches(component.parse(file, ctx), run, stopAfter);
      return;
    case 'formatter':
      await collectFiles(component.format(batches(), ctx), run, stopAfter);
      return;
    case 'file-transformer':
      for (const file of files) await collectFiles(component.transform(file, ctx), run, stopAfter);
      return;
    case 'writer':
      if (component.accepts === 'files') for (const file of files) await component.write(file, ctx);
      else
        for (const group of groups(records, component.batchSize?.(ctx.params) ?? 256))
          run.records.push(...(await component.write(group, ctx)));
  }
}

function apply(transform: RecordFunction, records: readonly DataRecord[], run: ComponentRun): void {
  for (const record of records) {
    try {
      const result = transform(record);
      if (result !== undefined) run.records.push(result);
    } catch (error) {
      run.errors.push(rejected(record, error));
    }
  }
}

async function* items<T>(source: AsyncIterable<{ item: T; position?: Json }>, run: ComponentRun): AsyncGenerator<T> {
  for await (const { item, position } of source) {
    if (position !== undefined) run.positions.push(position);
    yield item;
  }
}

async function collectBatches(batches: AsyncIterable<Batch>, run: ComponentRun, stopAfter: number): Promise<void> {
  let count = 0;
  for await (const batch of batches) {
    run.records.push(...batch.records);
    if (++count >= stopAfter) return;
  }
}

async function collectFiles(files: AsyncIterable<FlowFile>, run: ComponentRun, stopAfter: number): Promise<void> {
  let count = 0;
  for await (const file of files) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.read()) {
      chunks.push(Uint8Array.from(chunk));
      if (++count >= stopAfter) break;
    }
    const bytes = new Uint8Array(Buffer.concat(chunks));
    run.files.push({ name: file.name, bytes, text: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes) });
    if (count >= stopAfter) return;
  }
}

async function* batchesOf(records: DataRecord[], size: number): AsyncGenerator<Batch> {
  for (const group of groups(records, size)) yield Batch.of(group);
}

function* groups(records: DataRecord[], size: number): Generator<DataRecord[]> {
  for (let i = 0; i < records.length; i += size) yield records.slice(i, i + size);
}
