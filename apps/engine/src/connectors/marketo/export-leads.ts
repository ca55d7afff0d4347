import { createHash } from 'node:crypto';
import { type DataRecord, FatalError, pause, RetryableError, retriedRead, type StepLog } from '#dataflow';
import { resumedRead } from '../resumed-read.ts';
import type { Marketo } from './client.ts';

/** Leads created or changed within a range; both ends belong to it, milliseconds since 1970. */
export interface LeadRange {
  filter: 'createdAt' | 'updatedAt';
  startMs: number;
  endMs: number;
}

export interface ExportContext {
  signal: AbortSignal;
  log: StepLog;
}

const JOBS = 'bulk/v1/leads/export';
/** Days of one export; the platform takes 31. */
const RANGE_MS = 30 * 86_400_000;
const FIRST_PAUSE_MS = 500;
/** The platform renews the status once a minute. */
const LONGEST_PAUSE_MS = 60_000;

/** A range cut into pieces that one export takes. They touch: a lead of the very second in between comes twice, none is missed. */
export function cutRange({ filter, startMs, endMs }: LeadRange): LeadRange[] {
  const ranges: LeadRange[] = [];
  for (let at = startMs; at < endMs; at += RANGE_MS) ranges.push({ filter, startMs: at, endMs: Math.min(at + RANGE_MS, endMs) });
  return ranges;
}

/**
 * The CSV file of one export, its header the field names: created, enqueued, waited for, read (on after a broken connection) and
 * checked against its SHA-256. Nothing when there is no lead. A job that cannot be waited for is cancelled.
 * Throws FatalError when the export fails or the file is not the one announced.
 */
export async function* exportLeads(
  marketo: Marketo,
  { fields, range }: { fields: readonly string[]; range: LeadRange },
  ctx: ExportContext,
): AsyncGenerator<Uint8Array, void, void> {
  const body = {
    fields,
    format: 'CSV',
    columnHeaderNames: Object.fromEntries(fields.map((name) => [name, name])),
    filter: { [range.filter]: { startAt: isoSeconds(range.startMs), endAt: isoSeconds(Math.ceil(range.endMs / 1000) * 1000) } },
  };
  const created = await retriedRead(() => marketo.results({ path: `${JOBS}/create.json`, json: body }), ctx);
  const id = String(created[0]?.exportId);
  let done: DataRecord | undefined;
  try {
    done = await waitFor(marketo, id, ctx);
  } finally {
    if (!done && !ctx.signal.aborted) await cancel(marketo, id, ctx);
  }
  ctx.log.info(`Export ${id} of leads by ${range.filter} holds ${done.numberOfRecords} leads, ${done.fileSize} bytes.`);
  if (Number(done.numberOfRecords) > 0) yield* checkedFile(marketo, { id, done }, ctx);
}

async function waitFor(marketo: Marketo, id: string, ctx: ExportContext): Promise<DataRecord> {
  const ask = (call: { method?: 'POST'; path: string; json?: object }) => retriedRead(() => marketo.results(call), ctx);
  await enqueue(marketo, id, ctx);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const [job] = await ask({ path: `${JOBS}/${id}/status.json` });
    if (job?.status === 'Completed') return job;
    if (job?.status === 'Failed' || job?.status === 'Cancelled') {
      const reason = typeof job.errorMsg === 'string' ? `: ${job.errorMsg}` : '';
      throw new FatalError(`Marketo export ${id} ended as ${job.status}${reason}. Run the job again.`, { code: 'targetRefused' });
    }
    await pause(pauseMs, ctx.signal);
  }
}

/** An enqueuing whose answer was lost has happened: then the status is no longer Created. */
async function enqueue(marketo: Marketo, id: string, ctx: ExportContext): Promise<void> {
  let tried = false;
  await retriedRead(async () => {
    if (tried) {
      const [job] = await marketo.results({ path: `${JOBS}/${id}/status.json` });
      if (job?.status !== 'Created') return;
    }
    tried = true;
    await marketo.results({ method: 'POST', path: `${JOBS}/${id}/enqueue.json` });
  }, ctx);
}

/** Best effort: an export nobody reads costs nothing but a place in the queue. */
async function cancel(marketo: Marketo, id: string, { log }: ExportContext): Promise<void> {
  await marketo.results({ method: 'POST', path: `${JOBS}/${id}/cancel.json` }).catch((thrown: unknown) => {
    log.debug(`Export ${id} could not be cancelled: ${thrown instanceof Error ? thrown.message : thrown}`);
  });
}

async function* checkedFile(
  marketo: Marketo,
  { id, done }: { id: string; done: DataRecord },
  ctx: ExportContext,
): AsyncGenerator<Uint8Array, void, void> {
  const hash = createHash('sha256');
  const path = `${JOBS}/${id}/file.json`;
  const from = (position: number) =>
    marketo.download({ path, headers: { accept: 'text/csv', ...(position === 0 ? {} : { range: `bytes=${position}-` }) } });
  for await (const chunk of resumedRead({ path, from: (position) => complete(from(position), Number(done.fileSize) - position), ...ctx })) {
    hash.update(chunk);
    yield chunk;
  }
  const checksum = hash.digest('hex');
  if (typeof done.fileChecksum === 'string' && done.fileChecksum.replace(/^sha256:/, '') !== checksum)
    throw new FatalError(
      `The file of Marketo export ${id} is not the one announced: its SHA-256 is ${checksum}, not ${done.fileChecksum}. Run the job again.`,
      {
        code: 'malformedFile',
      },
    );
}

/** A body that ends before its announced length was cut off. */
async function* complete(chunks: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array, void, void> {
  let seen = 0;
  for await (const chunk of chunks) {
    seen += chunk.length;
    yield chunk;
  }
  if (seen < bytes) throw cutOff(bytes - seen);
}

const cutOff = (missing: number): RetryableError =>
  new RetryableError(`The file of the export ended ${missing} bytes early.`, { code: 'connectionFailed' });

/** ISO 8601 without milliseconds, as the platform wants it. */
const isoSeconds = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

/** When the subscription was set up, so before its oldest lead: the creation of its oldest root folder. Undefined when it cannot be read. */
export async function setUpMs(marketo: Marketo, ctx: ExportContext): Promise<number | undefined> {
  try {
    const folders = await retriedRead(() => marketo.results({ path: 'rest/asset/v1/folders.json', query: { maxDepth: 1 } }), ctx);
    const times = folders.map(({ createdAt }) => Date.parse(String(createdAt).replace(/Z\+0000$/, 'Z'))).filter((ms) => !Number.isNaN(ms));
    return times.length === 0 ? undefined : Math.min(...times);
  } catch (thrown) {
    if (!(thrown instanceof FatalError)) throw thrown;
    ctx.log.info(`The age of the subscription cannot be read: ${thrown.message}`);
    return undefined;
  }
}
