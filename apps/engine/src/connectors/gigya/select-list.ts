/** One entry of a select list. */
export interface SelectColumn {
  /** As written. */
  text: string;
  /** What is read, e.g. `profile.firstName`. */
  source: string;
  /** Where the value stands in the answer: an alias stays inside the object its field belongs to. */
  target: string;
}

const alias = /^(\S+)\s+as\s+(\S+)$/i;

/** Takes a select list apart: `UID, profile.firstName AS first, count(*)`. Commas inside brackets separate nothing. */
export function parseSelectList(select: string): SelectColumn[] {
  const columns: SelectColumn[] = [];
  for (const part of select.split(/,(?![^(]*\))/)) {
    const text = part.trim();
    if (text === '') continue;
    const [, source = text, name] = alias.exec(text) ?? [];
    const folder = source.includes('(') ? '' : source.slice(0, source.lastIndexOf('.') + 1);
    columns.push({ text, source, target: name === undefined ? source : folder + name });
  }
  return columns;
}

/** `count(*)`, `sum(data.points)` …: one record for the whole search. */
export const isAggregate = ({ source }: SelectColumn): boolean => source.includes('(');

/** The name before the first dot, as the platform spells top-level fields. */
export const topLevelOf = (path: string): string => path.split('.', 1)[0] ?? path;

/** Whether the list brings the UID under its own name. */
export const selectsUid = (columns: readonly SelectColumn[]): boolean => columns.some(({ target }) => target === 'UID' || target === '*');
