import { FatalError, pause, type RecordError, RetryableError, retriedRead, type StepLog, tellRetry, withRetries } from '#dataflow';
import { csvLine, resultRows } from './bulk-csv.ts';
import { fieldsOf } from './client.ts';
import { type Row, refused } from './rows.ts';
import type { Refusals, Target } from './save-collection.ts';

/** Rows of one job: all upserted by the primary id, all updated by their Id, or all inserted. */
export interface BulkLoad {
  operation: 'upsert' | 'update' | 'insert';
  rows: readonly { row: Row; id?: string }[];
  /** The field that tells the results apart, and its value in a row; no two rows share one. */
  key: { name: string; of(entry: { row: Row; id?: string }): string };
}

export type BulkTarget = Target & { log: StepLog };

/** Bytes of one upload; the platform takes 150 MB after encoding, and recommends 100. */
const UPLOAD_BYTES = 90_000_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;

/**
 * Saves rows by ingest jobs of Bulk API 2.0: create, upload CSV, close, wait, read the results. Results come in any order and are
 * given back to their rows by the key column. Until a job is closed nothing has happened and it may be repeated; from then on
 * a fault that stays fails the step, because what the job did is not known.
 */
export async function saveInBulk(target: BulkTarget, load: BulkLoad): Promise<Refusals> {
  const refusals: Refusals = new Map();
  for (const rows of uploads(load)) {
    const id = await startJob(target, { ...load, rows }, csvOf({ ...load, rows }));
    target.log.info(`Bulk job ${id} holds ${rows.length} rows of ${target.type.name} to ${load.operation}.`);
    const part = await finishJob(target, id, { ...load, rows }).catch((thrown) => {
      if (!(thrown instanceof RetryableError)) throw thrown;
      throw new FatalError(
        `${thrown.message} What bulk job ${id} did is not known; look it up in Salesforce under Bulk Data Load Jobs, then run the job again.`,
        { code: thrown.code, cause: thrown },
      );
    });
    for (const [row, refusal] of part) refusals.set(row, refusal);
  }
  return refusals;
}

function columnsOf({ rows, operation, key }: BulkLoad): string[] {
  const names = new Set(operation === 'update' ? ['Id', key.name] : [key.name]);
  for (const { row } of rows) for (const name of row.values.keys()) names.add(name);
  return [...names];
}

function* csvLines(load: BulkLoad): Generator<string> {
  const columns = columnsOf(load);
  yield csvLine(columns);
  for (const { row, id } of load.rows)
    yield csvLine(columns.map((name) => (name === 'Id' ? (id ?? '') : String(row.values.get(name) ?? ''))));
}

const csvOf = (load: BulkLoad): Uint8Array => Buffer.from([...csvLines(load)].join(''));

/** The rows cut so that the CSV of each part fits one upload. */
function* uploads(load: BulkLoad): Generator<BulkLoad['rows']> {
  let bytes = 0;
  let from = 0;
  const [header = '', ...lines] = [...csvLines(load)];
  for (const [i, line] of lines.entries()) {
    const size = Buffer.byteLength(line);
    if (bytes > 0 && header.length + bytes + size > UPLOAD_BYTES) {
      yield load.rows.slice(from, i);
      from = i;
      bytes = 0;
    }
    bytes += size;
  }
  yield load.rows.slice(from);
}

/** A closed job, which the platform works on. When uploading fails, the job is given up and another is made. */
async function startJob({ salesforce, type, signal, log }: BulkTarget, { operation, key }: BulkLoad, csv: Uint8Array): Promise<string> {
  const create = {
    object: type.name,
    operation,
    contentType: 'CSV',
    lineEnding: 'LF',
    ...(operation === 'upsert' ? { externalIdFieldName: key.name } : {}),
  };
  const open = async () => {
    const { id } = fieldsOf((await salesforce.call({ method: 'POST', path: 'jobs/ingest', json: create })).json);
    try {
      await salesforce.call({ method: 'PUT', path: `jobs/ingest/${id}/batches`, body: { type: 'text/csv', content: csv } });
    } catch (thrown) {
      if (!signal.aborted)
        await salesforce.call({ method: 'PATCH', path: `jobs/ingest/${id}`, json: { state: 'Aborted' } }).catch(() => undefined);
      throw thrown;
    }
    return String(id);
  };
  const id = await withRetries(open, { signal, onRetry: tellRetry(log) });
  let tried = false;
  const close = async () => {
    // An earlier try may have closed it without our hearing of it.
    if (tried && fieldsOf((await salesforce.call({ path: `jobs/ingest/${id}` })).json).state !== 'Open') return;
    tried = true;
    await salesforce.call({ method: 'PATCH', path: `jobs/ingest/${id}`, json: { state: 'UploadComplete' } });
  };
  await retriedRead(close, { signal, log });
  return id;
}

async function finishJob(target: BulkTarget, id: string, load: BulkLoad): Promise<Refusals> {
  const { salesforce, signal, log } = target;
  const ask = async () => fieldsOf((await retriedRead(() => salesforce.call({ path: `jobs/ingest/${id}` }), { signal, log })).json);
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const { state, errorMessage } = await ask();
    if (state === 'JobComplete' || state === 'Failed' || state === 'Aborted') {
      const reason = errorMessage === undefined ? `the job ended as ${state}` : String(errorMessage);
      return readResults(target, { id, load, reason });
    }
    await pause(pauseMs, signal);
  }
}

async function readResults(
  { salesforce, signal, log }: BulkTarget,
  { id, load, reason }: { id: string; load: BulkLoad; reason: string },
): Promise<Refusals> {
  const entries = new Map(load.rows.map((entry) => [place(load.key.of(entry)), entry.row]));
  const errors = new Map<string, RecordError>();
  const errorOf = (text: string): RecordError => {
    const known = errors.get(text) ?? refused(text);
    errors.set(text, known);
    return known;
  };
  const refusals: Refusals = new Map();
  const told = new Set<Row>();
  const read = async (results: string, each: (row: Row, error: string) => void) => {
    const download = () => salesforce.download({ path: `jobs/ingest/${id}/${results}`, headers: { accept: 'text/csv' } });
    await retriedRead(
      async () => {
        for await (const result of resultRows(download(), `${results} of bulk job ${id}`)) {
          const row = entries.get(place(String(result[load.key.name] ?? '')));
          if (!row) continue;
          told.add(row);
          each(row, String(result.sf__Error ?? ''));
        }
      },
      { signal, log },
    );
  };
  await read('failedResults', (row, error) => refusals.set(row, errorOf(error)));
  await read('unprocessedrecords', (row) =>
    refusals.set(row, errorOf(`UNPROCESSED:Bulk job ${id} did not come to this record: ${reason}: --`)),
  );
  await read('successfulResults', () => undefined);
  for (const row of entries.values())
    if (!told.has(row)) refusals.set(row, errorOf(`UNKNOWN_EXCEPTION:Bulk job ${id} has no result for this record: --`));
  return refusals;
}

/** Keys are compared as the platform does, and as they come back from CSV. */
const place = (key: string): string => key.toWellFormed().trim().toLowerCase();
