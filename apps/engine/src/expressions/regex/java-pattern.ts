import { RecordError } from '#dataflow';
import { LinearMatcher, type Match } from './linear-matcher.ts';
import { costOfMatching, longestWithin } from './matching-cost.ts';
import { contains, type Node } from './node.ts';
import { isNullable, largestCount, referredGroups, repeatsGroups, repeatsNothing } from './node-facts.ts';
import { type ParsedRegex, parseRegex } from './parse-regex.ts';
import { RegexError } from './regex-error.ts';
import { parseReplacement, type Replacement } from './replacement.ts';
import { forRe2, forRegExp, isBeyondRe2, unitwise, writeRegex, writeSet } from './write-regex.ts';

/** Up to so many steps the engine's own matcher is taken, which is some ten times as fast as the linear one. */
const easySteps = 2_000_000;
/** More than these are not made for one value: a fraction of a second. */
const mostSteps = 50_000_000;

/**
 * A regular expression of Java's kind, made to run over any text in bounded time: by JavaScript's own matcher where the steps it may take
 * are bounded for a text of that length, else by RE2, which takes time in proportion to the length.
 *
 * Making one throws RegexError for an expression that is wrong, or that neither can run safely. Running one gives what Java gives, or
 * throws RecordError when the text is too long for an expression that only the first can run.
 */
export class JavaPattern {
  readonly source: string;
  readonly #parsed: ParsedRegex;

  constructor(source: string) {
    this.source = source;
    this.#parsed = parseRegex(source);
  }

  /** Whether the expression matches the whole text, as `String.matches`. */
  compileMatches(): Use<(text: string) => boolean> {
    const plan = new Plan(this.#parsed, { use: 'whole', groups: [] });
    return { run: (text) => plan.native(text)?.test(text) ?? plan.linear.matchesWhole(text), mayFail: plan.mayFail };
  }

  /** Replaces every match, or the first only, as `String.replaceAll` and `replaceFirst`. Throws RegexError for a wrong replacement. */
  compileReplace(replacement: string, which: 'all' | 'first' = 'all'): Use<(text: string) => string> {
    const pieces = parseReplacement(replacement, this.#parsed.groups, this.#parsed.names);
    const groups = pieces.filter((piece) => typeof piece === 'number');
    const plan = new Plan(this.#parsed, { use: 'search', groups, global: which === 'all' });
    const known = pieces.map((piece) => (typeof piece === 'number' ? (plan.numbers.get(piece) ?? 0) : piece));
    const template = templateOf(known);
    const simple = which === 'all' ? unitwisePattern(this.#parsed.node, replacement === '') : undefined;
    if (simple) return { run: (text) => text.replace(simple, template), mayFail: false };
    const run = (text: string) => {
      const native = plan.native(text);
      if (native && !plan.maySplitPairs(text)) return text.replace(native, template);
      return replaceMatches(text, native ? nativeMatches(text, native) : plan.linear.find(text), { pieces: known, which });
    };
    return { run, mayFail: plan.mayFail };
  }

  /** The pieces between matches, at most `limit` of them (0: all, without empty ones at the end), as `String.split`. */
  compileSplit(): Use<(text: string, limit?: number) => string[]> {
    const plan = new Plan(this.#parsed, { use: 'search', groups: [], global: true });
    const run = (text: string, limit = 0) => {
      const native = plan.native(text);
      return split(text, native ? nativeMatches(text, native) : plan.linear.find(text), limit);
    };
    return { run, mayFail: plan.mayFail };
  }
}

/** One use of an expression. */
export interface Use<F> {
  run: F;
  /** False when {@link run} never throws. */
  mayFail: boolean;
}

interface PlanOptions {
  use: 'whole' | 'search';
  /** Groups whose text is asked for. */
  groups: readonly number[];
  /** All matches are looked for, not one. */
  global?: boolean;
}

/** Which matcher runs over which text. */
class Plan {
  /** The numbers by which groups are known to both matchers: only those that are asked for capture. */
  readonly numbers: ReadonlyMap<number, number>;
  readonly #natively: { ascii: RegExp; full: RegExp } | undefined;
  readonly #linear: LinearMatcher | undefined;
  readonly #easy: number;
  readonly #most: number;
  readonly #hasWords: boolean;
  readonly #hasLast: boolean;
  readonly #mayLookAtPairs: boolean;
  readonly mayFail: boolean;

  constructor({ node }: ParsedRegex, { use, groups, global = false }: PlanOptions) {
    const wanted = new Set([...groups.filter((index) => index > 0), ...referredGroups(node)].toSorted((a, b) => a - b));
    this.numbers = new Map(Array.from(wanted, (index, i) => [index, i + 1]));
    this.#hasWords = contains(node, (at) => at.kind === 'anchor' && /word/.test(at.anchor));
    this.#hasLast = use === 'search' && contains(node, (at) => at.kind === 'anchor' && /last/.test(at.anchor));
    if (repeatsNothing(node, wanted)) {
      throw new RegexError('The expression repeats a part that may match nothing', undefined, 'Let the part match one character at least.');
    }
    const bound = repeatsGroups(node, wanted) || wanted.size > 99 ? undefined : costOfMatching(node, use);
    this.#easy = bound ? longestWithin(bound, easySteps) : -1;
    this.#most = bound ? longestWithin(bound, mostSteps) : -1;
    this.#natively = bound && this.#most > 0 ? this.#compile(node, use, global ? 'gu' : 'u') : undefined;
    const beyond = contains(node, isBeyondRe2) || largestCount(node) > 1000;
    this.#linear =
      beyond || this.#easy === Number.POSITIVE_INFINITY ? undefined : new LinearMatcher(writeRegex(node, forRe2(this.numbers)));
    if (!this.#natively && !this.#linear) throw unbounded(node);
    this.#mayLookAtPairs = contains(node, (at) => at.kind === 'look' || (at.kind === 'anchor' && at.anchor !== 'start'));
    this.mayFail = this.#easy !== Number.POSITIVE_INFINITY;
  }

  #compile(node: Node, use: 'whole' | 'search', flags: string): { ascii: RegExp; full: RegExp } {
    const write = (ascii: boolean) => {
      const source = writeRegex(node, forRegExp(this.numbers, ascii));
      return new RegExp(use === 'whole' ? `^(?:${source})$` : source, flags);
    };
    const full = write(false);
    return { full, ascii: this.#hasWords ? write(true) : full };
  }

  /** JavaScript's matcher when it is to run over the text; else {@link linear} is. Throws RecordError when neither may. */
  native(text: string): RegExp | undefined {
    if (text.length > this.#easy && this.#linear && this.#isExact(text)) return undefined;
    if (this.#natively && text.length <= this.#most) return this.#hasWords && isAscii(text) ? this.#natively.ascii : this.#natively.full;
    throw new RecordError(
      this.#natively
        ? `A text of ${text.length} characters is too long for a regular expression of this kind, which takes up to ${this.#most}. Shorten the text, or write the expression without lookaround, references, (?m), $ and \\b.`
        : 'This regular expression cannot be matched with a text that ends with a line end, or holds letters beyond ASCII. Write \\z in place of $, and leave \\b out.',
      { code: 'limitExceeded' },
    );
  }

  /** JavaScript's matcher finds conditions fulfilled in the middle of a character that has two units. */
  maySplitPairs(text: string): boolean {
    return this.#mayLookAtPairs && /[\ud800-\udbff][\udc00-\udfff]/.test(text);
  }

  get linear(): LinearMatcher {
    if (!this.#linear) throw new Error('A text was given to a matcher that does not exist.');
    return this.#linear;
  }

  /** RE2 knows words of ASCII only, and no `$` before a line end. */
  #isExact(text: string): boolean {
    return !(this.#hasWords && !isAscii(text)) && !(this.#hasLast && /[\n\r\u0085\u2028\u2029]$/.test(text));
  }
}

const isAscii = (text: string): boolean => !/[\u0080-\uffff]/.test(text);

function unbounded(node: Node): RegexError {
  const reason = largestCount(node) > 1000 ? 'counts beyond 1000' : 'lookaround, a reference to a group, or (?m)';
  return new RegexError(
    `The expression repeats a part that can match in several ways, together with ${reason}, so that matching might not end`,
    undefined,
    'Repeat single characters or classes only, or leave the other out.',
  );
}

/** Of one set, alone or repeated, taken unit by unit: faster, and the same when both halves of every pair are in it, or none. */
function unitwisePattern(node: Node, removes: boolean): RegExp | undefined {
  const repeats = node.kind === 'repeat' && node.max === Number.POSITIVE_INFINITY && node.min === 1 && !node.lazy;
  const inner = repeats ? node.item : node;
  if (inner.kind !== 'set' || !(repeats || removes)) return undefined;
  const whole = inner.set.at(-1) === 0x10ffff && (inner.set.at(-2) ?? 0) <= 0xd800;
  const beyond = inner.set.some((point) => point >= 0xd800);
  return whole
    ? new RegExp(`${writeSet(inner.set, unitwise)}${repeats ? '+' : ''}`, 'g')
    : beyond || isNullable(node)
      ? undefined
      : new RegExp(`${writeSet(inner.set, unitwise)}${repeats ? '+' : ''}`, 'g');
}

/** For `String.replace`; the numbers are those of the matcher. */
const templateOf = (pieces: Replacement): string =>
  pieces
    .map((piece) => (typeof piece === 'string' ? piece.replaceAll('$', '$$$$') : piece === 0 ? '$&' : `$${String(piece).padStart(2, '0')}`))
    .join('');

function* nativeMatches(text: string, expression: RegExp): Iterable<Match> {
  const all = new RegExp(expression, 'gu');
  for (let found = all.exec(text); found; found = all.exec(text)) {
    const { index: start, 0: match } = found;
    if (isInsidePair(text, start)) {
      all.lastIndex = start + 1;
      continue;
    }
    const groups = found;
    yield { start, end: start + match.length, group: (index) => groups[index] };
    if (match === '') all.lastIndex = start + ((text.codePointAt(start) ?? 0) > 0xffff ? 2 : 1);
  }
}

const isInsidePair = (text: string, at: number): boolean => at > 0 && (text.codePointAt(at - 1) as number) > 0xffff;

function replaceMatches(
  text: string,
  matches: Iterable<Match>,
  { pieces, which }: { pieces: Replacement; which: 'all' | 'first' },
): string {
  let replaced = '';
  let from = 0;
  for (const { start, end, group } of matches) {
    replaced += text.slice(from, start);
    for (const piece of pieces) replaced += typeof piece === 'string' ? piece : (group(piece) ?? '');
    from = end;
    if (which === 'first') break;
  }
  return replaced + text.slice(from);
}

function split(text: string, matches: Iterable<Match>, limit: number): string[] {
  const pieces: string[] = [];
  const most = limit > 0 ? limit : Number.POSITIVE_INFINITY;
  let from = 0;
  for (const { start, end } of matches) {
    if (pieces.length + 1 >= most) break;
    // What matches nothing at the very beginning cuts nothing off.
    if (end === 0) continue;
    pieces.push(text.slice(from, start));
    from = end;
  }
  if (from === 0 && pieces.length === 0) return [text];
  pieces.push(text.slice(from));
  if (limit === 0) while (pieces.length > 0 && pieces.at(-1) === '') pieces.pop();
  return pieces;
}
