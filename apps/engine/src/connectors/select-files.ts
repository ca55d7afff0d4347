import { errorText } from '#dataflow';
import { JavaPattern } from '#expressions/regex/java-pattern.ts';

/** A file as a folder listing shows it. */
export interface RemoteFile {
  name: string;
  path: string;
  size: number;
  /** Milliseconds since 1970; SFTP knows seconds only. */
  modifiedMs: number;
}

export interface FileSelection {
  fileNameRegex?: string | undefined;
  sortBy: 'time' | 'name';
  sortOrder: 'ASC' | 'DESC';
  /** Only files changed at or after this instant; undefined takes all. */
  changedSince?: Date | undefined;
}

/** What uploads of this product end in until they are complete, and those of many others. */
export const UPLOADING = '.uploading';

/** The files a reader takes, in the order it takes them: complete, whole name matches, changed since, sorted; equal times go by name. */
export function selectFiles<F extends RemoteFile>(
  files: readonly F[],
  { fileNameRegex, sortBy, sortOrder, changedSince }: FileSelection,
): F[] {
  const matches = fileNameRegex === undefined ? undefined : fileNamePattern(fileNameRegex);
  // Rounded down to the second, which is as fine as most servers tell times.
  const since = changedSince === undefined ? Number.NEGATIVE_INFINITY : Math.floor(changedSince.getTime() / 1000) * 1000;
  const byName = (a: F, b: F) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const byTime = (a: F, b: F) => a.modifiedMs - b.modifiedMs || byName(a, b);
  const order = sortBy === 'name' ? byName : byTime;
  return files
    .filter(({ name, modifiedMs }) => !name.endsWith(UPLOADING) && modifiedMs >= since && (matches?.(name) ?? true))
    .sort(sortOrder === 'ASC' ? order : (a, b) => order(b, a));
}

/** A test of whole file names by a regular expression of Java's kind, in bounded time. Throws RegexError. */
const fileNamePattern = (text: string): ((name: string) => boolean) => new JavaPattern(text).compileMatches().run;

/** One sentence on an expression that cannot be read; undefined when it can. */
export function checkFileNamePattern(text: string): string | undefined {
  try {
    fileNamePattern(text);
    return undefined;
  } catch (thrown) {
    return `This is not a regular expression: ${errorText(thrown)}`;
  }
}
