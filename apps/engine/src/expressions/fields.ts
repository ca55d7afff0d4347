import { compileGet, type DataRecord, isDataRecord, type Json } from '#dataflow';
import { member } from './values.ts';

type Read = (record: DataRecord) => Json | undefined;

/**
 * How an expression reads a field. `a.b.c` is, in this order: the key `a.b.c`; the nested value; the value nested below a key with dots
 * (`a.b` then `c`), as Commons JEXL does with variable names that hold dots. A name with underscores that the record does not have also
 * stands for the name with dots in their place: `data_subscribed` is `data.subscribed`.
 */
export function compileField(parts: readonly string[]): Read {
  const candidates = pathsOf(parts);
  const direct = compileGet(candidates[0] as string);
  const others = [...candidates.slice(1).map(compileGet), ...dottedParents(parts), ...sizeReader(parts)];
  if (others.length === 0) return direct;
  return (record) => {
    let value = direct(record);
    for (let i = 0; value === undefined && i < others.length; i++) value = (others[i] as Read)(record);
    return value;
  };
}

/** `tags.length` of a list or text, when the record has no such field. */
function sizeReader(parts: readonly string[]): Read[] {
  const last = parts.at(-1) ?? '';
  if (parts.length < 2 || (last !== 'length' && last !== 'size')) return [];
  const owner = compileField(parts.slice(0, -1));
  return [(record) => member(owner(record), last)];
}

/** Every key of the record that {@link compileField} may look at. */
export function keysOf(parts: readonly string[]): string[] {
  const keys = new Set<string>();
  for (const path of pathsOf(parts)) {
    const names = path.split('.');
    for (let i = 1; i <= names.length; i++) keys.add(names.slice(0, i).join('.'));
  }
  return [...keys];
}

/** A name of more pieces stands for itself only. */
const mostPieces = 32;

/** The path itself, then what its underscores may stand for. */
function pathsOf(parts: readonly string[]): string[] {
  const [name = '', ...rest] = parts;
  const pieces = name.split('_');
  if (rest.length > 0 || !name.slice(1, -1).includes('_') || pieces.length > mostPieces) return [parts.join('.')];
  const gaps = pieces.length - 1;
  const joined = (dotAt: (gap: number) => boolean) => pieces.reduce((path, piece, i) => path + (dotAt(i - 1) ? '.' : '_') + piece);
  const choices =
    gaps <= 4
      ? Array.from({ length: 2 ** gaps }, (_, mask) => joined((gap) => (mask & (1 << gap)) !== 0))
      : [name, ...Array.from({ length: gaps }, (_, last) => joined((gap) => gap <= last))];
  return choices.filter((path) => path.split('.').every((part) => part !== ''));
}

/** Reads `c` out of the object under the key `a.b`, for every place to cut `a.b.c` but the first. */
function dottedParents(parts: readonly string[]): Read[] {
  const cuts = Array.from({ length: Math.max(0, Math.min(parts.length, mostPieces) - 2) }, (_, i) => i + 2);
  return cuts.map((cut) => {
    const parent = compileGet(`'${parts.slice(0, cut).join('.')}'`);
    const rest = compileGet(parts.slice(cut).join('.'));
    return (record) => {
      const found = parent(record);
      return isDataRecord(found) ? rest(found) : undefined;
    };
  });
}
