import type { JsonObject } from '../../json.ts';
import { isEncrypted } from '../query/encrypted-fields.ts';
import { compileCondition } from '../query/evaluate.ts';
import { syntaxError } from '../query/lexer.ts';
import { compileProjection } from '../query/projection.ts';
import type { Query } from '../query/syntax.ts';

/** Where the records of a search stand. A row number names the same record for ever, so that cursors can hold rows. */
export interface Rows {
  /** How many rows there are to look at, and the row at each place. */
  count(): number;
  at(place: number): number;
  /** The only rows that can fit, or nothing when each has to be looked at. */
  narrowed?(): number[] | undefined;
  /** The record of a row with what condition, order and aggregates need; nothing when it is gone. */
  candidateAt(row: number): JsonObject | undefined;
  /** The record of a row with what is selected. */
  selectedAt(row: number): JsonObject | undefined;
}

/** A query made ready to run. */
export interface SearchPlan {
  query: Query;
  rows: Rows;
  matches(record: JsonObject): boolean;
  /** The selected fields of a row, nothing when the record is gone. */
  resultAt(row: number): JsonObject | undefined;
}

/** Throws ApiError 400006 when the query asks for what its fields cannot do. `hidden` top-level fields never come out. */
export function planSearch(query: Query, rows: Rows, hidden: ReadonlySet<string> = new Set()): SearchPlan {
  for (const { path, at } of query.orderBy) {
    if (isEncrypted(path)) throw syntaxError(`ORDER BY cannot be used on the encrypted field ${path}`, at);
  }
  const project = compileProjection(query.select, hidden);
  const condition = query.where ? compileCondition(query.where) : undefined;
  return {
    query,
    rows,
    matches: (record) => !condition || condition(record),
    resultAt: (row) => {
      const record = rows.selectedAt(row);
      return record && project(record);
    },
  };
}

/** Records that are kept whole, by row from 0 on; nothing in a row means that its record is gone. */
export interface RecordList {
  count(): number;
  recordAt(row: number): JsonObject | undefined;
}

export function rowsOf(list: RecordList): Rows {
  const recordAt = (row: number) => list.recordAt(row);
  return { count: () => list.count(), at: (place) => place, candidateAt: recordAt, selectedAt: recordAt };
}
