/** What an entry's name makes of it. */
export type NamedEntry =
  | { kind: 'file'; name: string }
  /** Nothing to hand on: a folder, or what macOS keeps beside the files. */
  | { kind: 'nothing' }
  /** `reason` continues "the name of an entry …". */
  | { kind: 'unsafe'; reason: string };

/**
 * The file that an entry of an archive is, without the folders it stands in; `\` parts folders as `/` does. Names that would leave the
 * folder they are unpacked into are unsafe: nobody makes them by accident.
 */
export function nameEntry(entryName: string): NamedEntry {
  const parts = entryName.split(/[/\\]/);
  if (parts.includes('..')) return { kind: 'unsafe', reason: 'climbs out of its folder' };
  if (parts[0] === '' || /^[a-z]:/i.test(entryName)) return { kind: 'unsafe', reason: 'is an absolute path' };
  if (hasControlCharacter(entryName)) return { kind: 'unsafe', reason: 'holds a control character' };
  const name = parts.at(-1) ?? '';
  if (name === '' || parts[0] === '__MACOSX' || name === '.DS_Store') return { kind: 'nothing' };
  return name === '.' ? { kind: 'unsafe', reason: 'is a dot' } : { kind: 'file', name };
}

const hasControlCharacter = (text: string): boolean => Array.from(text).some((character) => character < ' ' || character === '\u007f');
