import { type DataRecord, FatalError, pause, type RecordError } from '#dataflow';
import { fieldsOf, type Salesforce } from './client.ts';
import { type Decision, decide } from './find-existing.ts';
import { CLEAR, type Keys, type Row, refused } from './rows.ts';
import type { SObjectType } from './sobject.ts';

/** Most records in one call of sObject collections. */
export const COLLECTION_SIZE = 200;

/** Refusals of a record that pass when it is written a little later. */
export const passingRefusal = /^(?:UNABLE_TO_LOCK_ROW|SERVER_UNAVAILABLE|REQUEST_RUNNING_TOO_LONG)\b/;
const LOCK_TRIES = 3;
const LOCK_PAUSE_MS = 500;

/** Where rows are written to. */
export interface Target {
  salesforce: Salesforce;
  type: SObjectType;
  keys: Keys;
  signal: AbortSignal;
}

/** What became of rows; those that are missing were saved. */
export type Refusals = Map<Row, RecordError>;

/**
 * Looks up to 200 rows up and saves them, each for itself. May be repeated as a whole: what the first try made is found by the second.
 * Throws RecordError when the platform refuses a call because it cannot read one of the rows.
 */
export async function saveRows(target: Target, rows: readonly Row[]): Promise<Refusals> {
  const refusals: Refusals = new Map();
  let waiting = rows;
  for (let tries = 1; waiting.length > 0; tries++) {
    const decisions = await decide(target.salesforce, target.type, { rows: waiting, keys: target.keys });
    const locked: Row[] = [];
    for (const [row, text] of await saveDecided(target, decisions)) {
      if (typeof text === 'string' && passingRefusal.test(text) && tries < LOCK_TRIES) locked.push(row);
      else refusals.set(row, typeof text === 'string' ? refused(text) : text);
    }
    waiting = locked;
    if (waiting.length > 0) await pause(LOCK_PAUSE_MS * tries, target.signal);
  }
  return refusals;
}

async function saveDecided({ salesforce, type, keys }: Target, decisions: Map<Row, Decision>): Promise<[Row, string | RecordError][]> {
  const failed: [Row, string | RecordError][] = [];
  const groups: Record<'upsert' | 'insert' | 'update', { row: Row; id?: string }[]> = { upsert: [], insert: [], update: [] };
  for (const [row, decision] of decisions) {
    if ('refusal' in decision) failed.push([row, decision.refusal]);
    else groups[decision.operation].push(decision.operation === 'update' ? { row, id: decision.id } : { row });
  }
  const calls = {
    upsert: { method: 'PATCH', path: `composite/sobjects/${type.name}/${keys.primaryId}` },
    update: { method: 'PATCH', path: 'composite/sobjects' },
    insert: { method: 'POST', path: 'composite/sobjects' },
  } as const;
  for (const operation of ['upsert', 'update', 'insert'] as const) {
    const group = groups[operation];
    if (group.length === 0) continue;
    const records = group.map(({ row, id }) => sObjectOf(type, row, id));
    const { json } = await salesforce.call({ ...calls[operation], json: { allOrNone: false, records } });
    if (!Array.isArray(json) || json.length !== group.length)
      throw new FatalError(
        `Salesforce answered ${Array.isArray(json) ? json.length : 'no'} results to ${group.length} records; which were saved is not known.`,
        { code: 'targetRefused' },
      );
    for (const [i, { row }] of group.entries()) {
      const { success, errors } = fieldsOf(json[i]);
      if (success !== true) failed.push([row, errorText(errors)]);
    }
  }
  return failed;
}

/** `CODE:message:fields --`, as bulk jobs write it. */
function errorText(errors: DataRecord[string] | undefined): string {
  const texts = (Array.isArray(errors) ? errors : []).map((error) => {
    const { statusCode, message, fields } = fieldsOf(error);
    return `${statusCode}:${message}:${Array.isArray(fields) ? fields.join(' ') : ''} --`;
  });
  return texts.join(' ') || 'UNKNOWN_EXCEPTION:The platform gave no reason: --';
}

function sObjectOf(type: SObjectType, { values }: Row, id: string | undefined): DataRecord {
  const sObject: DataRecord = { attributes: { type: type.name }, ...(id === undefined ? {} : { id }) };
  for (const [name, value] of values) {
    const written = value === CLEAR ? null : value;
    const [parent = '', field] = name.split('.');
    if (field === undefined) sObject[name] = written;
    else sObject[parent] = { ...fieldsOf(sObject[parent]), [field]: written };
  }
  return sObject;
}
