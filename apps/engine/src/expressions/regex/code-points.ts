/** A set of Unicode code points as sorted ranges that neither touch nor overlap: first, last, first, last … Never changed. */
export type CodePoints = readonly number[];

const highest = 0x10ffff;

export const everything: CodePoints = [0, highest];

/** Of characters and ranges in any order, each range a pair. */
export function ofRanges(pairs: readonly (readonly [first: number, last: number])[]): CodePoints {
  const sorted = pairs.toSorted(([a], [b]) => a - b);
  const set: number[] = [];
  for (const [first, last] of sorted) {
    const before = set.at(-1);
    if (before !== undefined && first <= before + 1) set[set.length - 1] = Math.max(before, last);
    else set.push(first, last);
  }
  return set;
}

export function rangesOf(set: CodePoints): [first: number, last: number][] {
  return Array.from({ length: set.length / 2 }, (_, i) => [set[2 * i] as number, set[2 * i + 1] as number]);
}

export const ofCharacters = (text: string): CodePoints =>
  ofRanges(Array.from(text, (character) => [character.codePointAt(0) as number, character.codePointAt(0) as number]));

export const union = (...sets: readonly CodePoints[]): CodePoints => ofRanges(sets.flatMap(rangesOf));

export function negate(set: CodePoints): CodePoints {
  const rest: number[] = [];
  let next = 0;
  for (const [first, last] of rangesOf(set)) {
    if (first > next) rest.push(next, first - 1);
    next = last + 1;
  }
  if (next <= highest) rest.push(next, highest);
  return rest;
}

export const intersect = (one: CodePoints, other: CodePoints): CodePoints => negate(union(negate(one), negate(other)));

export const disjoint = (one: CodePoints, other: CodePoints): boolean => intersect(one, other).length === 0;

export const isOne = (set: CodePoints): boolean => set.length === 2 && set[0] === set[1];

/** The set with both cases of the letters A to Z that it holds: what Java's `(?i)` means on its own. */
export function foldAscii(set: CodePoints): CodePoints {
  const upper = intersect(set, [0x41, 0x5a]);
  const lower = intersect(set, [0x61, 0x7a]);
  return union(
    set,
    upper.map((point) => point + 32),
    lower.map((point) => point - 32),
  );
}

/** Letters that have another case, each with the small letter of its capital, by which Java compares under `(?iu)`. */
let cased: { point: number; folded: number }[] | undefined;

function casedLetters(): { point: number; folded: number }[] {
  cased ??= rangesOf(scan(/\p{Changes_When_Casemapped}/gu)).flatMap(([first, last]) =>
    Array.from({ length: last - first + 1 }, (_, i) => ({
      point: first + i,
      folded: simple(simple(first + i, 'toUpperCase'), 'toLowerCase'),
    })),
  );
  return cased;
}

/** Mapping to one other code point; those to several leave the letter as it is. */
function simple(point: number, method: 'toUpperCase' | 'toLowerCase'): number {
  const mapped = Array.from(String.fromCodePoint(point)[method]());
  return mapped.length === 1 ? ((mapped[0] as string).codePointAt(0) as number) : point;
}

/** The set with every letter that Unicode takes for another case of one in it. */
export function foldUnicode(set: CodePoints): CodePoints {
  const letters = casedLetters();
  const wanted = new Set(letters.filter(({ point }) => has(set, point)).map(({ folded }) => folded));
  return union(set, ofRanges(letters.filter(({ folded }) => wanted.has(folded)).map(({ point }) => [point, point])));
}

const has = (set: CodePoints, point: number): boolean => rangesOf(set).some(([first, last]) => first <= point && point <= last);

let alphabet: string | undefined;
const scanned = new Map<string, CodePoints>();

/** Every code point that a JavaScript expression for one character matches. Some milliseconds, once for each expression. */
export function scan(expression: RegExp): CodePoints {
  const known = scanned.get(expression.source);
  if (known) return known;
  alphabet ??= Array.from({ length: highest + 1 - 0x800 }, (_, i) => String.fromCodePoint(i < 0xd800 ? i : i + 0x800)).join('');
  const pairs: [number, number][] = [];
  const runs = new RegExp(`(?:${expression.source})+`, 'gu');
  for (const [run] of alphabet.matchAll(runs)) {
    const last = run.length > 1 && run.charCodeAt(run.length - 1) >= 0xdc00 && run.charCodeAt(run.length - 1) < 0xe000 ? 2 : 1;
    const [from, to] = [run.codePointAt(0) as number, run.codePointAt(run.length - last) as number];
    // A run may step over the surrogates, which the alphabet leaves out.
    if (from < 0xd800 && to > 0xdfff) pairs.push([from, 0xd7ff], [0xe000, to]);
    else pairs.push([from, to]);
  }
  const set = ofRanges(pairs);
  scanned.set(expression.source, set);
  return set;
}
