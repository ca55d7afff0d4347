import type { SourceReader } from './source-reader.ts';

/** How often what stands before is repeated: `*`, `+`, `?`, `{2}`, `{2,}`, `{2,5}`; undefined, with nothing taken, when it is not. */
export function readBounds(reader: SourceReader): [min: number, max: number] | undefined {
  if (reader.takeIf('*')) return [0, Number.POSITIVE_INFINITY];
  if (reader.takeIf('+')) return [1, Number.POSITIVE_INFINITY];
  if (reader.takeIf('?')) return [0, 1];
  const start = reader.at;
  if (!reader.startsWith('{')) return undefined;
  const found = reader.match(/\{(\d{1,9})(,?)(\d{0,9})\}/y);
  const min = Number(found?.[1]);
  const max = found?.[2] === '' ? min : found?.[3] === '' ? Number.POSITIVE_INFINITY : Number(found?.[3]);
  if (!found || (found[2] === '' && found[3] !== '') || max < min) {
    throw reader.fault('{ begins no count such as {2}, {2,} or {2,5}', { at: start, remedy: 'Write \\{ for a brace.' });
  }
  return [min, max];
}
