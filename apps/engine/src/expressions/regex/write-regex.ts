import { type CodePoints, isOne, negate, rangesOf } from './code-points.ts';
import type { Anchor, Node } from './node.ts';
import { isNullable } from './node-facts.ts';

/** How a parsed expression is written down for one of the two matchers. */
export interface Notation {
  point(point: number): string;
  anything: string;
  nothing: string;
  anchor(anchor: Anchor): string;
  /** Number by which a group is known; undefined when nobody asks for it. */
  group(index: number): number | undefined;
}

/** Writes what stands for the node, so that anything may follow. */
export function writeRegex(node: Node, notation: Notation): string {
  const write = (at: Node): string => {
    switch (at.kind) {
      case 'set':
        return writeSet(at.set, notation);
      case 'sequence':
        return at.items.map((item) => (item.kind === 'choice' ? `(?:${write(item)})` : write(item))).join('');
      case 'choice':
        return at.options.map(write).join('|');
      case 'group':
        return `${notation.group(at.index) === undefined ? '(?:' : '('}${write(at.item)})`;
      case 'repeat':
        return writeRepeat(at, write);
      case 'look':
        return `(?${at.behind ? '<' : ''}${at.negative ? '!' : '='}${write(at.item)})`;
      case 'back':
        return `(?:\\${notation.group(at.index) ?? 0})`;
      case 'anchor':
        return notation.anchor(at.anchor);
    }
  };
  return write(node);
}

/** What may match nothing is not put before `?`: JavaScript would not let it, Java does. */
function writeRepeat({ item, min, max, lazy }: Node & { kind: 'repeat' }, write: (node: Node) => string): string {
  const inner = write(item);
  if (min === 0 && max === 1 && isNullable(item)) return lazy ? `(?:|${inner})` : `(?:${inner}|)`;
  return `${item.kind === 'set' ? inner : `(?:${inner})`}${bounds(min, max)}${lazy ? '?' : ''}`;
}

function bounds(min: number, max: number): string {
  if (max === Number.POSITIVE_INFINITY) return min === 0 ? '*' : min === 1 ? '+' : `{${min},}`;
  if (min === 0 && max === 1) return '?';
  return min === max ? `{${min}}` : `{${min},${max}}`;
}

export function writeSet(set: CodePoints, { point, anything, nothing }: Pick<Notation, 'point' | 'anything' | 'nothing'>): string {
  if (set.length === 0) return nothing;
  if (isOne(set)) return point(set[0] as number);
  const rest = negate(set);
  if (rest.length === 0) return anything;
  const inverse = rest.length < set.length;
  const members = rangesOf(inverse ? rest : set).map(([first, last]) =>
    first === last ? point(first) : `${point(first)}${last > first + 1 ? '-' : ''}${point(last)}`,
  );
  return `[${inverse ? '^' : ''}${members.join('')}]`;
}

const isPlain = (point: number) => (point >= 0x30 && point <= 0x39) || (point >= 0x41 && point <= 0x5a) || (point >= 0x61 && point <= 0x7a);
const hex = (point: number) => (isPlain(point) ? String.fromCharCode(point) : undefined) ?? point.toString(16);

const word = '\\p{L}\\p{Nd}_';
const base = '[\\p{L}\\p{Nd}]';
/** Java lets the marks of a letter belong to its word. */
const wordBefore = `[${word}]|${base}\\p{Mn}+`;
const wordAfter = `(?:(?=[${word}])|(?<=${base}\\p{Mn}*)(?=\\p{Mn}))`;

const native: Record<Anchor, string> = {
  start: '^',
  end: '$',
  last: '(?=(?:\\r\\n|[\\r\\u0085\\u2028\\u2029]|(?<!\\r)\\n)?$)',
  'unix-last': '(?=\\n?$)',
  'line-start': '(?:^|(?<=[\\n\\u0085\\u2028\\u2029])|(?<=\\r)(?!\\n))(?=[^])',
  'line-end': '(?:$|(?=[\\r\\u0085\\u2028\\u2029])|(?<!\\r)(?=\\n))',
  'unix-line-start': '(?:^|(?<=\\n))(?=[^])',
  'unix-line-end': '(?=\\n|$)',
  word: `(?:(?<=${wordBefore})(?!${wordAfter})|(?<!${wordBefore})${wordAfter})`,
  'not-word': `(?:(?<=${wordBefore})${wordAfter}|(?<!${wordBefore})(?!${wordAfter}))`,
};

/** For `RegExp` with the flag `u`; `ascii` texts have simpler borders of words. */
export const forRegExp = (groups: ReadonlyMap<number, number>, ascii: boolean): Notation => ({
  point: (point) => (isPlain(point) ? String.fromCharCode(point) : `\\u{${hex(point)}}`),
  anything: '[^]',
  nothing: '[]',
  anchor: (anchor) => (ascii && anchor === 'word' ? '\\b' : ascii && anchor === 'not-word' ? '\\B' : native[anchor]),
  group: (index) => groups.get(index),
});

/** For `RegExp` without `u`, where a character is half a pair: for sets that hold no such halves, or all of them. */
export const unitwise: Pick<Notation, 'point' | 'anything' | 'nothing'> = {
  point: (point) => (isPlain(point) ? String.fromCharCode(point) : `\\u${Math.min(point, 0xffff).toString(16).padStart(4, '0')}`),
  anything: '[^]',
  nothing: '[]',
};

/** For RE2, of ASCII texts when the expression asks for borders of words, of texts without a line end at their end when it has `$`. */
export const forRe2 = (groups: ReadonlyMap<number, number>): Notation => ({
  point: (point) => (isPlain(point) ? String.fromCharCode(point) : `\\x{${hex(point)}}`),
  anything: '(?s:.)',
  nothing: '[^\\x{0}-\\x{10FFFF}]',
  anchor: (anchor) => re2[anchor] ?? '',
  group: (index) => groups.get(index),
});

const re2: Partial<Record<Anchor, string>> = { start: '\\A', end: '\\z', last: '\\z', 'unix-last': '\\z', word: '\\b', 'not-word': '\\B' };

/** What RE2 has no words for. */
export const isBeyondRe2 = (node: Node): boolean =>
  node.kind === 'look' || node.kind === 'back' || (node.kind === 'anchor' && re2[node.anchor] === undefined);
