import { type DataRecord, RecordError } from '#dataflow';
import { fieldsOf, type Salesforce } from './client.ts';
import type { Keys, Row } from './rows.ts';
import type { SObjectType } from './sobject.ts';

/** What is to be done with a row. */
export type Decision = { operation: 'upsert' } | { operation: 'insert' } | { operation: 'update'; id: string } | { refusal: RecordError };

/** Letters of one query, encoded; addresses may have 16,384 bytes. */
const QUERY_LENGTH = 12_000;

/**
 * Decides for each row: a record with its primary id is upserted by it; else the one record with its lookup id is updated; else a
 * record is made, by upsert when the row has a primary id. Rows that find several records are refused.
 */
export async function decide(
  salesforce: Salesforce,
  type: SObjectType,
  { rows, keys }: { rows: readonly Row[]; keys: Keys },
): Promise<Map<Row, Decision>> {
  const { primaryId, lookupId } = keys;
  const isById = primaryId === 'Id';
  const byLookup =
    primaryId === lookupId
      ? new Map<string, Found[]>()
      : await find(salesforce, type, { by: lookupId, keys, values: rows.map(({ lookup }) => lookup) });
  const matchesOf = (row: Row) => (row.lookup === undefined ? [] : (byLookup.get(row.lookup.toLowerCase()) ?? []));
  const isOwn = (row: Row) => matchesOf(row).some(({ primary }) => primary !== undefined && primary === row.primary?.toLowerCase());
  const doubtful = isById ? [] : rows.filter((row) => row.primary !== undefined && matchesOf(row).length > 0 && !isOwn(row));
  const byPrimary = await find(salesforce, type, { by: primaryId, keys, values: doubtful.map(({ primary }) => primary) });
  return new Map(
    rows.map((row): [Row, Decision] => {
      if (isById && row.primary !== undefined) return [row, { operation: 'update', id: row.primary }];
      const matches = matchesOf(row);
      const [match] = matches;
      if (row.primary !== undefined && (!match || isOwn(row) || byPrimary.has(row.primary.toLowerCase())))
        return [row, { operation: 'upsert' }];
      if (!match) return [row, { operation: 'insert' }];
      if (matches.length === 1) return [row, { operation: 'update', id: match.id }];
      const text = `${matches.length} records of ${type.name} have ${lookupId} ${row.lookup}: ${matches.map(({ id }) => id).join(', ')}. Merge them, or look up by another field.`;
      return [row, { refusal: new RecordError(text, { code: 'invalidRecord' }) }];
    }),
  );
}

interface Found {
  id: string;
  /** Lower case. */
  primary: string | undefined;
}

async function find(
  salesforce: Salesforce,
  type: SObjectType,
  { by, keys, values }: { by: string; keys: Keys; values: (string | undefined)[] },
): Promise<Map<string, Found[]>> {
  const found = new Map<string, Found[]>();
  const select = [...new Set(['Id', keys.primaryId, by])].join(', ');
  const persons = type.hasPersonAccounts ? ' AND IsPersonAccount = true' : '';
  const wanted = [...new Set(values.filter((value) => value !== undefined))];
  for (const part of parts(wanted.map(quoted))) {
    const q = `SELECT ${select} FROM ${type.name} WHERE ${by} IN (${part.join(', ')})${persons}`;
    for (const record of await allRecords(salesforce, q)) {
      const { Id, [keys.primaryId]: primary, [by]: key } = record;
      const place = String(key).toLowerCase();
      const one = { id: String(Id), primary: primary === null || primary === undefined ? undefined : String(primary).toLowerCase() };
      found.set(place, [...(found.get(place) ?? []), one]);
    }
  }
  return found;
}

async function allRecords(salesforce: Salesforce, q: string): Promise<DataRecord[]> {
  const records: DataRecord[] = [];
  let answer = await salesforce.call({ path: 'query', query: { q } });
  for (;;) {
    const { records: page, nextRecordsUrl } = fieldsOf(answer.json);
    if (Array.isArray(page)) records.push(...page.map((record) => fieldsOf(record)));
    if (typeof nextRecordsUrl !== 'string') return records;
    answer = await salesforce.call({ path: nextRecordsUrl.replace(/^.*\/services\/data\/v[\d.]+\//, '') });
  }
}

const escapes: Record<string, string> = { '\\': '\\\\', "'": "\\'", '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', '\f': '\\f' };
const quoted = (value: string): string => `'${value.replace(/[\\'\n\r\t\b\f]/g, (letter) => escapes[letter] ?? letter)}'`;

function parts(values: readonly string[]): string[][] {
  const result: string[][] = [];
  let length = QUERY_LENGTH;
  for (const value of values) {
    const add = encodeURIComponent(value.toWellFormed()).length + 6;
    if (length + add > QUERY_LENGTH) {
      result.push([]);
      length = 0;
    }
    result.at(-1)?.push(value);
    length += add;
  }
  return result;
}
