import type { NumberedTraceLine } from '../../../lib/api.ts';

export type Level = NumberedTraceLine['level'];

/** Gravest first. */
export const levels: readonly Level[] = ['ERROR', 'WARN', 'INFO', 'DEBUG'];

export interface TraceFilter {
  /** This level and the graver ones. */
  level: Level;
  search: string;
}

/** Lines in order of their number, each once, whatever is sent again after a lost connection. */
export function appendLines(known: readonly NumberedTraceLine[], more: readonly NumberedTraceLine[]): readonly NumberedTraceLine[] {
  const last = known.at(-1)?.seq ?? -1;
  const fresh = more.filter((line) => line.seq > last);
  return fresh.length > 0 ? [...known, ...fresh] : known;
}

const text = ({ step, message, data }: NumberedTraceLine) =>
  `${step}\n${message}\n${data === undefined ? '' : JSON.stringify(data)}`.toLowerCase();

/** The same rule as the server's: level and graver, text anywhere, letter case aside. */
export function fitsFilter(line: NumberedTraceLine, { level, search }: TraceFilter): boolean {
  return levels.indexOf(line.level) <= levels.indexOf(level) && (search === '' || text(line).includes(search.toLowerCase()));
}

/** Newest first: what came live on top of what was fetched. `fetched` is newest first and already filtered. */
export function mergeTrace(
  fetched: readonly NumberedTraceLine[],
  live: readonly NumberedTraceLine[],
  filter: TraceFilter,
): NumberedTraceLine[] {
  const newest = fetched[0]?.seq ?? -1;
  const fresh = live.filter((line) => line.seq > newest && fitsFilter(line, filter));
  return [...fresh.reverse(), ...fetched];
}

/** One line as text, for a downloaded log. */
export function lineText({ time, level, step, message, data }: NumberedTraceLine): string {
  return [time, level.padEnd(5), step, message, ...(data === undefined ? [] : [JSON.stringify(data)])].join('\t');
}
