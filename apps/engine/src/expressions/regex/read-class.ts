import { type CodePoints, intersect, negate, union } from './code-points.ts';
import { type Flags, fold, readEscape } from './read-escape.ts';
import type { SourceReader } from './source-reader.ts';

/** A class in brackets; the reader stands behind the opening one. Java nests classes and cuts them with `&&`. */
export function readClass(reader: SourceReader, flags: Flags, depth = 0): CodePoints {
  const start = reader.at - 1;
  if (depth > 50) throw reader.fault('The classes in brackets are nested too deep');
  const negated = reader.takeIf('^');
  let cut: CodePoints | undefined;
  let members: CodePoints | undefined;
  for (;;) {
    skipBlanks(reader, flags);
    if (reader.done)
      throw reader.fault('A class of characters has no closing ]', { at: start, remedy: 'Close it, or write \\[ for a bracket.' });
    if (reader.peek() === ']' && (members !== undefined || cut !== undefined)) break;
    if (reader.startsWith('&&')) {
      cut = cutWith(reader, members, cut);
      members = undefined;
      continue;
    }
    const found = readMember(reader, flags, depth);
    if (found) members = members ? union(members, found) : found;
  }
  const last = cutWith(reader, members, cut);
  reader.take();
  return negated ? negate(last) : last;
}

/** What stands left of `&&`, cut with what stood left of those before. Takes the `&&`, when there is one. */
function cutWith(reader: SourceReader, members: CodePoints | undefined, cut: CodePoints | undefined): CodePoints {
  if (members === undefined) throw reader.fault('&& needs characters on both sides', { remedy: 'Write \\& for the sign itself.' });
  reader.takeIf('&&');
  return cut ? intersect(cut, members) : members;
}

/** One character, range, escape or nested class; undefined for an empty quotation. */
function readMember(reader: SourceReader, flags: Flags, depth: number): CodePoints | undefined {
  const start = reader.at;
  if (reader.takeIf('[')) return readClass(reader, flags, depth + 1);
  if (reader.takeIf('\\Q')) {
    const quoted = Array.from(reader.takeUntil('\\E'), (character) => single(character.codePointAt(0) as number, flags));
    return quoted.length > 0 ? union(...quoted) : undefined;
  }
  const first = readOne(reader, flags);
  if (typeof first !== 'number') return first;
  if (!reader.startsWith('-') || /^-(?:\[|\]|&&|\s*$)/.test(reader.source.slice(reader.at))) return single(first, flags);
  reader.take();
  skipBlanks(reader, flags);
  const last = readOne(reader, flags);
  if (typeof last !== 'number' || last < first) {
    throw reader.fault(`${reader.source.slice(start, reader.at)} is not a range of characters`, {
      at: start,
      remedy: 'Write \\- for a minus sign.',
    });
  }
  return fold([first, last], flags);
}

const single = (point: number, flags: Flags): CodePoints => fold([point, point], flags);

function readOne(reader: SourceReader, flags: Flags): number | CodePoints {
  const start = reader.at;
  const character = reader.take();
  if (character !== '\\') return character.codePointAt(0) ?? 0;
  const escaped = readEscape(reader, flags);
  if (escaped === undefined) throw reader.fault(`\\${reader.peek()} has no meaning between brackets`, { at: start });
  return 'set' in escaped ? escaped.set : escaped.character;
}

/** Under `(?x)` blanks and remarks count for nothing, between brackets too. */
export function skipBlanks(reader: SourceReader, { comments }: Flags): void {
  while (comments && reader.match(/[ \t\n\v\f\r]+|#[^\n\r\u0085\u2028\u2029]*/y));
}
