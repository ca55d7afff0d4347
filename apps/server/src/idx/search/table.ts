import type { Services } from '../../services.ts';
import type { Queryable } from '../../storage/database.ts';
import type { Bind, Field } from '../query/compile-condition.ts';
import { wrongQuery } from '../query/tokens.ts';

/** One of the tables that idx.search looks into. All SQL in it is ours. */
export interface Table<Row = never> {
  name: string;
  /** FROM and WHERE that leave only rows of the caller's site. */
  scope(bind: Bind, apiKey: string): string;
  columns: string;
  fields: readonly Field[];
  /** Names of answers that cannot be compared. */
  otherFields: readonly string[];
  /** Tells rows apart and puts them in order when nothing else does. */
  key: readonly Field[];
  /** The order without ORDER BY. */
  usualOrder: { field: string; descending: boolean };
  /** What answers show, one object for each row. */
  toObjects(
    rows: Row[],
    services: Pick<Services, 'secrets'>,
    db: Queryable,
  ): Promise<Record<string, unknown>[]> | Record<string, unknown>[];
}

/** A field by its name, letter case aside. Throws ApiError 400006. */
export function fieldOf(table: Table, name: string): Field {
  const lower = name.toLowerCase();
  const field = table.fields.find((one) => one.name.toLowerCase() === lower);
  if (field) return field;
  if (table.otherFields.some((one) => one.toLowerCase() === lower)) throw wrongQuery(`${name} cannot be compared or sorted by`);
  throw wrongQuery(`${table.name} has no field ${name}; it has ${namesOf(table).join(', ')}`);
}

/** The name of a field as answers write it. */
export function selectedName(table: Table, name: string): string {
  const found = namesOf(table).find((one) => one.toLowerCase() === name.toLowerCase());
  if (!found) throw wrongQuery(`${table.name} has no field ${name}; it has ${namesOf(table).join(', ')}`);
  return found;
}

const namesOf = (table: Table): string[] => [...table.fields.map((field) => field.name), ...table.otherFields];

export const text = (name: string, sql: string): Field => ({ name, sql, kind: 'text' });
export const number = (name: string, sql: string): Field => ({ name, sql, kind: 'number' });
export const time = (name: string, sql: string): Field => ({ name, sql, kind: 'time' });
/** A time that every row has, with an index in its order. */
export const listedBy = (name: string, sql: string): Field => ({ name, sql, kind: 'time', always: true });
/** The number of the site whose apiKey this column holds; asked for only where it is used. */
export const siteIdOf = (apiKey: string): string => `(SELECT site."siteId" FROM site WHERE site."apiKey" = ${apiKey})`;
export const truth = (name: string, sql: string): Field => ({ name, sql, kind: 'boolean' });
