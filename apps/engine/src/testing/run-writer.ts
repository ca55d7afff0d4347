import { z } from 'zod';
import {
  Batch,
  type Component,
  copyRecord,
  type DataRecord,
  defineRecordReader,
  defineRecordWriter,
  type JobSnapshot,
  parseDocument,
  type SiteCredentials,
} from '#dataflow';
import { openAccess, runDataflow } from '#runtime';
import { fakeJob } from './fake-context.ts';

export interface WriterRun {
  /** Records that went on by next, in the order they did. */
  records: DataRecord[];
  /** Records that went the error path, with `_errorDetails`. */
  errors: DataRecord[];
  snapshot: JobSnapshot;
}

const none = z.object({});
const about = { title: 'test', summary: 'test', examples: [], params: none };

/** Runs a record writer in a job of its own, so with the runtime's batches, parallel calls and repetitions. */
export async function runWriter(
  writer: Component,
  { params, records, site }: { params: DataRecord; records: readonly DataRecord[]; site?: SiteCredentials },
): Promise<WriterRun> {
  const run: Omit<WriterRun, 'snapshot'> = { records: [], errors: [] };
  const keeper = (type: string, kept: DataRecord[]) =>
    defineRecordWriter({
      ...about,
      type,
      delivery: 'at-least-once',
      write: async (passed) => {
        kept.push(...passed.map(copyRecord));
        return passed;
      },
    });
  const source = defineRecordReader({
    ...about,
    type: 'test.records',
    async *read() {
      for (let i = 0; i < records.length; i += 256) yield { item: Batch.of(records.slice(i, i + 256).map(copyRecord)) };
    },
  });
  const all: Component[] = [source, writer, keeper('test.passed', run.records), keeper('test.failed', run.errors)];
  const steps = [
    { id: 'records', type: 'test.records', next: ['writer'] },
    { id: 'writer', type: writer.type, params, next: ['passed'], error: ['failed'] },
    { id: 'passed', type: 'test.passed' },
    { id: 'failed', type: 'test.failed' },
  ];
  const { document } = parseDocument(JSON.stringify({ name: 'test', steps }));
  if (!document) throw new Error('This is no dataflow.');
  const snapshot = await runDataflow({
    document,
    components: (type) => all.find((component) => component.type === type),
    job: fakeJob,
    ...(site && { site }),
    logLevel: 'debug',
    access: openAccess(),
    signal: new AbortController().signal,
    onTrace: () => undefined,
    onSnapshot: () => undefined,
  });
  return { ...run, snapshot };
}
