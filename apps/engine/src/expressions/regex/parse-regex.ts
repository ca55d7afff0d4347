import { checkReferences } from './check-references.ts';
import { negate, ofCharacters } from './code-points.ts';
import { lineEnds } from './named-sets.ts';
import { type Anchor, contains, empty, type Node } from './node.ts';
import { readBounds } from './read-bounds.ts';
import { readClass, skipBlanks } from './read-class.ts';
import { type Flags, fold, readEscape } from './read-escape.ts';
import { SourceReader } from './source-reader.ts';

export interface ParsedRegex {
  node: Node;
  /** Number of groups that capture. */
  groups: number;
  names: ReadonlyMap<string, number>;
}

const flagNames: Record<string, keyof Flags> = {
  i: 'ignoreCase',
  u: 'unicodeCase',
  m: 'multiline',
  s: 'dotAll',
  d: 'unixLines',
  x: 'comments',
};
const noFlags: Flags = { ignoreCase: false, unicodeCase: false, multiline: false, dotAll: false, unixLines: false, comments: false };
const deepest = 200;
const longest = 10_000;

/** Parses a regular expression of Java 17's kind (java.util.regex). Throws RegexError for what is wrong, and for what is not supported. */
export const parseRegex = (source: string): ParsedRegex => new RegexParser(source).parse();

class RegexParser {
  readonly #reader: SourceReader;
  #flags: Flags = noFlags;
  #groups = 0;
  #depth = 0;
  readonly #names = new Map<string, number>();
  readonly #open = new Set<number>();

  constructor(source: string) {
    this.#reader = new SourceReader(source);
    if (source.length > longest) throw this.#reader.fault(`The expression has more than ${longest} characters`);
  }

  parse(): ParsedRegex {
    const node = this.#choice();
    if (!this.#reader.done) throw this.#reader.fault('A ) closes nothing', { remedy: 'Write \\) for a bracket.' });
    checkReferences(node);
    return { node, groups: this.#groups, names: this.#names };
  }

  #choice(): Node {
    const options = [this.#sequence()];
    while (this.#reader.takeIf('|')) options.push(this.#sequence());
    return options.length === 1 ? (options[0] as Node) : { kind: 'choice', options };
  }

  #sequence(): Node {
    const items: Node[] = [];
    for (;;) {
      skipBlanks(this.#reader, this.#flags);
      if (this.#reader.done || this.#reader.startsWith('|') || this.#reader.startsWith(')')) break;
      const atoms = this.#atoms();
      const last = atoms.pop();
      items.push(...atoms);
      if (last) items.push(this.#repeated(last));
    }
    return items.length === 1 ? (items[0] as Node) : { kind: 'sequence', items };
  }

  /** Mostly one; a quotation gives several, and flags none. */
  #atoms(): Node[] {
    const reader = this.#reader;
    const start = reader.at;
    const character = reader.take();
    switch (character) {
      case '[':
        return [{ kind: 'set', set: readClass(reader, this.#flags) }];
      case '(':
        return this.#group(start);
      case '.':
        return [{ kind: 'set', set: this.#dot() }];
      case '^':
        return [this.#anchor(this.#flags.multiline ? (this.#flags.unixLines ? 'unix-line-start' : 'line-start') : 'start')];
      case '$':
        return [this.#anchor(`${this.#flags.unixLines ? 'unix-' : ''}${this.#flags.multiline ? 'line-end' : 'last'}`)];
      case '*':
      case '+':
      case '?':
        throw reader.fault(`There is nothing before ${character} to repeat`, {
          at: start,
          remedy: `Write \\${character} for the sign itself, or .* for any text.`,
        });
      case '{':
        throw reader.fault('There is nothing before { to repeat', { at: start, remedy: 'Write \\{ for a brace.' });
      case '\\':
        return this.#escape(start);
      default:
        return [this.#character(character)];
    }
  }

  #character(character: string): Node {
    return { kind: 'set', set: fold(ofCharacters(character), this.#flags) };
  }

  #anchor(anchor: Anchor): Node {
    return { kind: 'anchor', anchor };
  }

  #dot() {
    if (this.#flags.dotAll) return negate([]);
    return negate(this.#flags.unixLines ? ofCharacters('\n') : lineEnds);
  }

  #escape(start: number): Node[] {
    const reader = this.#reader;
    if (reader.takeIf('Q')) return Array.from(reader.takeUntil('\\E'), (character) => this.#character(character));
    const escaped = readEscape(reader, this.#flags);
    if (escaped) return [{ kind: 'set', set: 'set' in escaped ? escaped.set : fold([escaped.character, escaped.character], this.#flags) }];
    if (/[1-9]/.test(reader.peek())) return [this.#backReference(start)];
    const letter = reader.take();
    switch (letter) {
      case 'b':
        if (reader.startsWith('{')) throw reader.fault('\\b{g} is not supported', { at: start });
        return [this.#anchor('word')];
      case 'B':
        return [this.#anchor('not-word')];
      case 'A':
        return [this.#anchor('start')];
      case 'Z':
        return [this.#anchor(this.#flags.unixLines ? 'unix-last' : 'last')];
      case 'z':
        return [this.#anchor('end')];
      case 'R':
        return [
          {
            kind: 'choice',
            options: [
              { kind: 'sequence', items: [this.#plain('\r'), this.#plain('\n')] },
              { kind: 'set', set: ofCharacters('\n\v\f\r\u0085\u2028\u2029') },
            ],
          },
        ];
      case 'k':
        return [this.#namedReference(start)];
      case 'E':
        throw reader.fault('\\E closes no \\Q', { at: start });
      case 'G':
      case 'X':
      case 'N':
        throw reader.fault(`\\${letter} of Java is not supported`, { at: start, remedy: 'Write the expression without it.' });
      default:
        throw reader.fault(`\\${letter} has no meaning`, {
          at: start,
          remedy: `Write ${letter} without the backslash, or \\\\ for a backslash.`,
        });
    }
  }

  #plain(character: string): Node {
    return { kind: 'set', set: ofCharacters(character) };
  }

  /** As many digits as there are groups for. */
  #backReference(start: number): Node {
    const reader = this.#reader;
    let index = Number(reader.take());
    while (/[0-9]/.test(reader.peek()) && index * 10 + Number(reader.peek()) <= this.#groups) index = index * 10 + Number(reader.take());
    return this.#reference(index, start, `\\${index}`);
  }

  #namedReference(start: number): Node {
    const name = this.#reader.match(/<([a-zA-Z][a-zA-Z0-9]*)>/y)?.[1];
    return this.#reference(this.#names.get(name ?? '') ?? 0, start, `\\k<${name ?? ''}>`);
  }

  #reference(index: number, start: number, text: string): Node {
    if (index < 1 || index > this.#groups)
      throw this.#reader.fault(`${text} refers to a group that does not stand before it`, { at: start });
    if (this.#open.has(index)) throw this.#reader.fault(`${text} stands inside the group it refers to`, { at: start });
    if (this.#flags.ignoreCase)
      throw this.#reader.fault(`${text} under (?i) is not supported`, { at: start, remedy: 'Write both cases out.' });
    return { kind: 'back', index };
  }

  #group(start: number): Node[] {
    const reader = this.#reader;
    if (++this.#depth > deepest) throw reader.fault(`Groups are nested deeper than ${deepest} levels`, { at: start });
    const before = this.#flags;
    const made = this.#opened(start);
    if (made !== undefined) this.#flags = before;
    this.#depth--;
    return made === undefined ? [] : [made];
  }

  #look(start: number, behind: boolean, negative: boolean): Node {
    const item = this.#closed(start);
    if (behind && contains(item, (at) => at.kind === 'back' || (at.kind === 'repeat' && at.max === Number.POSITIVE_INFINITY))) {
      throw this.#reader.fault('What (?< looks back at has no greatest length', {
        at: start,
        remedy: 'Give counts, such as {1,10} in place of +.',
      });
    }
    return { kind: 'look', behind, negative, item };
  }

  /** Undefined for flags that hold up to the end of the group around them. */
  #opened(start: number): Node | undefined {
    const reader = this.#reader;
    if (!reader.takeIf('?')) return this.#capturing(start);
    const named = reader.match(/<([^=!][^>]*)>/y);
    if (named) return this.#capturing(start, named[1]);
    for (const [mark, behind, negative] of looks) {
      if (reader.takeIf(mark)) return this.#look(start, behind, negative);
    }
    if (reader.takeIf('>')) {
      throw reader.fault('(?> ) of Java, which never gives back what it took, is not supported', {
        at: start,
        remedy: 'Write (?: ): matching ends in good time without it.',
      });
    }
    const flags = reader.match(/([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/y);
    if (!flags) throw reader.fault('(? begins no group that is known', { at: start, remedy: 'Write \\? for a question mark.' });
    this.#flags = { ...this.#flags, ...this.#switched(flags[1], true, start), ...this.#switched(flags[2], false, start) };
    return flags[3] === ')' ? undefined : this.#closed(start);
  }

  #switched(letters = '', value: boolean, start: number): Partial<Flags> {
    return Object.fromEntries(
      Array.from(letters, (letter) => {
        const name = Object.hasOwn(flagNames, letter) ? flagNames[letter] : undefined;
        if (name === undefined) {
          const remedy =
            letter === 'U'
              ? 'Write Unicode classes out, as in [\\p{L}\\p{Nd}_] for \\w.'
              : `Flags are ${Object.keys(flagNames).join(', ')}.`;
          throw this.#reader.fault(`The flag ${letter} is not supported`, { at: start, remedy });
        }
        return [name, value];
      }),
    );
  }

  #capturing(start: number, name?: string): Node {
    const index = ++this.#groups;
    if (name !== undefined) {
      if (!/^[a-zA-Z][a-zA-Z0-9]*$/.test(name))
        throw this.#reader.fault(`${name} is no name of a group`, { at: start, remedy: 'Use letters A to Z and digits.' });
      if (this.#names.has(name)) throw this.#reader.fault(`Two groups are called ${name}`, { at: start });
      this.#names.set(name, index);
    }
    this.#open.add(index);
    const item = this.#closed(start);
    this.#open.delete(index);
    return { kind: 'group', index, item };
  }

  #closed(start: number): Node {
    const item = this.#choice();
    if (!this.#reader.takeIf(')'))
      throw this.#reader.fault('A group has no closing )', { at: start, remedy: 'Close it, or write \\( for a bracket.' });
    return item;
  }

  #repeated(item: Node): Node {
    const reader = this.#reader;
    skipBlanks(reader, this.#flags);
    const start = reader.at;
    const bounds = readBounds(reader);
    if (!bounds) return item;
    if (reader.takeIf('+')) {
      throw reader.fault(`The possessive ${reader.source.slice(start, reader.at)} of Java is not supported`, {
        at: start,
        remedy: 'Leave the last + out: matching ends in good time without it.',
      });
    }
    const lazy = reader.takeIf('?');
    const repeated: Node = { kind: 'repeat', item, min: bounds[0], max: bounds[1], lazy };
    if (/^(?:[*+?]|\{)/.test(reader.source.slice(reader.at))) {
      throw reader.fault(`${reader.peek()} repeats what is repeated already`, { remedy: 'Put the first part in brackets: (?:…).' });
    }
    return bounds[1] === 0 ? empty : repeated;
  }
}

const looks: readonly (readonly [mark: string, behind: boolean, negative: boolean])[] = [
  ['=', false, false],
  ['!', false, true],
  ['<=', true, false],
  ['<!', true, true],
];
