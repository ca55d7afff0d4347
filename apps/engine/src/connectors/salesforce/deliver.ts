import type { Connection, DataRecord, StepContext } from '#dataflow';
import { ConfigError, tellRetry, withRetries } from '#dataflow';
import { isolateRefusals } from '../isolate-refusals.ts';
import type { NetworkContext } from '../network.ts';
import { type BulkLoad, type BulkTarget, saveInBulk } from './bulk-job.ts';
import { openSalesforce } from './client.ts';
import { decide } from './find-existing.ts';
import { type Keys, type Row, rounds, rowOf } from './rows.ts';
import { COLLECTION_SIZE, passingRefusal, saveRows } from './save-collection.ts';
import type { SalesforceCredentials } from './session.ts';
import { describeSObject, requiredField, type SObjectType } from './sobject.ts';

export interface DeliverySettings extends SalesforceCredentials, Keys {
  /** API name. */
  object: string;
  /** From so many records on bulk jobs are used. */
  bulkFrom: number;
}

export interface SalesforceWriter extends Connection {
  /** Saves records and tells those that were refused, each with its error; the others were saved. May be repeated. */
  deliver(records: readonly DataRecord[], ctx: Pick<StepContext, 'signal' | 'log'>): Promise<Map<DataRecord, unknown>>;
}

/** Writes records of one object, found by primary and lookup id. */
export function openSalesforceWriter(settings: DeliverySettings, context: NetworkContext): SalesforceWriter {
  const salesforce = openSalesforce(settings, context);
  let known: Promise<{ type: SObjectType; keys: Keys }> | undefined;
  const describe = () => {
    known ??= readKeys().catch((thrown) => {
      known = undefined;
      throw thrown;
    });
    return known;
  };
  const readKeys = async () => {
    const type = await describeSObject(salesforce, settings.object);
    const primary = requiredField(type, settings.primaryId, 'primaryId');
    const lookup = requiredField(type, settings.lookupId, 'lookupId');
    if (primary.identifies || primary.name === 'Id') return { type, keys: { primaryId: primary.name, lookupId: lookup.name } };
    throw new ConfigError(
      `${primary.name} of ${type.name}, which primaryId names, is no external id. Mark the field as External ID in Salesforce, or name one that is.`,
      {
        code: 'invalidParameter',
        field: 'params.primaryId',
      },
    );
  };
  return {
    async deliver(records, ctx) {
      const { type, keys } = await describe();
      const refusals = new Map<DataRecord, unknown>();
      const rows: Row[] = [];
      for (const record of records) {
        try {
          rows.push(rowOf(record, type, keys));
        } catch (thrown) {
          refusals.set(record, thrown);
        }
      }
      const target = { salesforce, type, keys, ...ctx };
      for (const round of rounds(rows)) await saveRound(target, round, { bulkFrom: settings.bulkFrom, refusals });
      return refusals;
    },
    async test() {
      const { type, keys } = await describe();
      return `Logged in; ${type.name} is found by ${keys.primaryId}, then by ${keys.lookupId}.`;
    },
    [Symbol.asyncDispose]: () => salesforce[Symbol.asyncDispose](),
  };
}

interface Round {
  bulkFrom: number;
  refusals: Map<DataRecord, unknown>;
}

async function saveRound(target: BulkTarget, rows: readonly Row[], { bulkFrom, refusals }: Round): Promise<void> {
  const left = rows.length >= bulkFrom ? await saveLoads(target, rows, refusals) : rows;
  const rowOfRecord = new Map(left.map((row) => [row.record, row]));
  const send = (part: readonly DataRecord[]) =>
    saveRows(
      target,
      part.flatMap((record) => rowOfRecord.get(record) ?? []),
    );
  const ctx = { ...target, reject: (record: DataRecord, thrown: unknown) => void refusals.set(record, thrown) };
  for (let i = 0; i < left.length; i += COLLECTION_SIZE) {
    const chunk = left.slice(i, i + COLLECTION_SIZE).map(({ record }) => record);
    // Repeated here, though the runtime would: it would write all that came before once more.
    const parts = await withRetries(() => isolateRefusals(chunk, send, ctx), { signal: target.signal, onRetry: tellRetry(target.log) });
    for (const { answer } of parts) for (const [row, refusal] of answer) refusals.set(row.record, refusal);
  }
}

/** Saves rows by bulk jobs and returns those that are better written by collections: too few for a job, or locked for the moment. */
async function saveLoads(target: BulkTarget, rows: readonly Row[], refusals: Map<DataRecord, unknown>): Promise<Row[]> {
  const { primaryId, lookupId } = target.keys;
  const groups: Record<BulkLoad['operation'], { row: Row; id?: string }[]> = { upsert: [], update: [], insert: [] };
  for (const [row, decision] of await decide(target.salesforce, target.type, { rows, keys: target.keys })) {
    if ('refusal' in decision) refusals.set(row.record, decision.refusal);
    else groups[decision.operation].push(decision.operation === 'update' ? { row, id: decision.id } : { row });
  }
  const loads: readonly BulkLoad[] = [
    { operation: 'upsert', rows: groups.upsert, key: { name: primaryId, of: ({ row }) => row.primary ?? '' } },
    { operation: 'update', rows: groups.update, key: { name: 'Id', of: ({ id }) => id ?? '' } },
    { operation: 'insert', rows: groups.insert, key: { name: lookupId, of: ({ row }) => row.lookup ?? '' } },
  ];
  const left: Row[] = [];
  for (const load of loads) {
    const refused = load.rows.length > COLLECTION_SIZE ? await saveInBulk(target, load) : undefined;
    if (!refused) for (const { row } of load.rows) left.push(row);
    for (const [row, refusal] of refused ?? []) {
      if (passingRefusal.test(refusal.message.replace(/^Update failed\.Error: /, ''))) left.push(row);
      else refusals.set(row.record, refusal);
    }
  }
  return left;
}
