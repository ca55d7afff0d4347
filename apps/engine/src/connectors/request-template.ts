import { compileGet, type DataRecord, type Json } from '#dataflow';

/** Fills a text with what one request carries. */
export type RequestTemplate = (records: readonly DataRecord[]) => string;

const placeholder = /\$\{(record|records)(?:\.([^{}]+))?\}/g;

interface Piece {
  /** Text before the placeholder. */
  before: string;
  value(records: readonly DataRecord[]): Json | undefined;
  /** Where the placeholder stands: inside a JSON text, or where a JSON value may stand. */
  quoted: boolean;
}

/** An address with `${record.UID}` in it, each value encoded for addresses; undefined when it has none. */
export function urlTemplate(text: string): RequestTemplate | undefined {
  const { pieces, rest } = parse(text);
  if (pieces.length === 0) return undefined;
  return (records) => pieces.map(({ before, value }) => before + encodeURIComponent(plain(value(records)))).join('') + rest;
}

/**
 * A body of JSON: `${records}` is the list of records, `${record}` the first, `${record.profile.email}` one value of it.
 * Where the placeholder stands inside quotes, the value goes in as text; elsewhere as JSON, null when it is missing.
 */
export function bodyTemplate(text: string): RequestTemplate {
  const { pieces, rest } = parse(text);
  return (records) => pieces.map(({ before, value, quoted }) => before + asJson(value(records), quoted)).join('') + rest;
}

/** One sentence on a body template that does not give JSON; undefined when it does. */
export function checkBodyTemplate(text: string): string | undefined {
  try {
    JSON.parse(bodyTemplate(text)([{}]));
    return undefined;
  } catch (thrown) {
    return `With the placeholders filled in this is not JSON: ${thrown instanceof Error ? thrown.message : String(thrown)}.`;
  }
}

/** One sentence on a record placeholder that needs one record in each request; undefined when there is none. */
export const needsSingleRecord = (text: string): boolean => /\$\{record[.}]/.test(text);

function parse(text: string): { pieces: Piece[]; rest: string } {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(placeholder)) {
    const [whole, scope = '', path] = found;
    pieces.push({ before: text.slice(end, found.index), value: valueAt(scope, path), quoted: isQuoted(text.slice(0, found.index)) });
    end = found.index + whole.length;
  }
  return { pieces, rest: text.slice(end) };
}

function valueAt(scope: string, path: string | undefined): Piece['value'] {
  if (path === undefined) return scope === 'records' ? (records) => [...records] : ([record]) => record;
  const get = compileGet(path);
  if (scope === 'record') return ([record]) => record && get(record);
  return (records) => records.map((record) => get(record) ?? null);
}

/** Counts the quotes before a place that are not escaped. */
const isQuoted = (before: string): boolean => (before.replace(/\\./gs, '').match(/"/g)?.length ?? 0) % 2 === 1;

const plain = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'string' ? value : JSON.stringify(value);

const asJson = (value: Json | undefined, quoted: boolean): string =>
  quoted ? JSON.stringify(plain(value)).slice(1, -1) : JSON.stringify(value ?? null);
