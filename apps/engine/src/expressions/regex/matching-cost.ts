import { disjoint } from './code-points.ts';
import type { Node } from './node.ts';
import { firstOf, isNullable } from './node-facts.ts';

/** A bound of the form `factor * n ** degree`, n being the length of the text plus one. */
export interface Bound {
  factor: number;
  degree: number;
}

/** What a backtracking matcher may have to do for a node from one place of the text on. */
interface Effort {
  /** Ends it may arrive at, each of which what follows may be tried from. */
  ways: Bound;
  steps: Bound;
}

const constant = (factor: number): Bound => ({ factor, degree: 0 });
const plus = (a: Bound, b: Bound): Bound => ({ factor: a.factor + b.factor, degree: Math.max(a.degree, b.degree) });
const times = (a: Bound, b: Bound): Bound => ({ factor: a.factor * b.factor, degree: a.degree + b.degree });
const perCharacter: Bound = { factor: 1, degree: 1 };
const one: Effort = { ways: constant(1), steps: constant(1) };

/**
 * A bound on the steps of a backtracking matcher over a whole text; undefined when there is none that is a power of its length.
 * It is a proof, not an estimate: a part is only repeated without end when it matches in one way from any place, and takes something.
 */
export function costOfMatching(node: Node, use: 'whole' | 'search'): Bound | undefined {
  if (use === 'whole') {
    const effort = effortOf(node);
    return effort && plus(effort.steps, effort.ways);
  }
  const attempt = effortOf(withoutTail(node));
  if (!attempt) return undefined;
  const tries = plus(attempt.steps, attempt.ways);
  return startsAnchored(node) ? plus(tries, perCharacter) : times(tries, perCharacter);
}

/** The longest text for which the bound stays under a number of steps. */
export function longestWithin({ factor, degree }: Bound, steps: number): number {
  if (degree <= 1) return factor <= 1000 ? Number.POSITIVE_INFINITY : Math.floor(steps / factor);
  return Math.floor((steps / factor) ** (1 / degree)) - 1;
}

/** What repeats at the end of a search is never taken back: what it took is behind the search for good. */
function withoutTail(node: Node): Node {
  switch (node.kind) {
    case 'sequence':
      return { ...node, items: node.items.map((item, i) => (i === node.items.length - 1 ? withoutTail(item) : item)) };
    case 'choice':
      return { ...node, options: node.options.map(withoutTail) };
    case 'group':
      return { ...node, item: withoutTail(node.item) };
    case 'repeat':
      return node.max === Number.POSITIVE_INFINITY && isOneWay(node.item) && !isNullable(node.item) ? { ...node, max: node.min } : node;
    default:
      return node;
  }
}

const startsAnchored = (node: Node): boolean => {
  if (node.kind === 'sequence') return node.items[0] !== undefined && startsAnchored(node.items[0]);
  if (node.kind === 'group') return startsAnchored(node.item);
  return node.kind === 'anchor' && node.anchor === 'start';
};

const isOneWay = (node: Node): boolean => {
  const effort = effortOf(node);
  return effort !== undefined && effort.ways.degree === 0 && effort.ways.factor === 1;
};

function effortOf(node: Node): Effort | undefined {
  switch (node.kind) {
    case 'set':
    case 'anchor':
      return one;
    case 'back':
      return { ways: constant(1), steps: perCharacter };
    case 'group':
      return effortOf(node.item);
    case 'look': {
      const inner = effortOf(node.item);
      return inner && { ways: constant(1), steps: plus(inner.steps, inner.ways) };
    }
    case 'sequence':
      return inOrder(node.items.map(effortOf));
    case 'choice':
      return eitherOf(node.options);
    case 'repeat':
      return repeated(node);
  }
}

const inOrder = (efforts: readonly (Effort | undefined)[]): Effort | undefined =>
  efforts.reduce<Effort | undefined>(
    (sum, next) => sum && next && { ways: times(sum.ways, next.ways), steps: plus(sum.steps, times(sum.ways, next.steps)) },
    one,
  );

function eitherOf(options: readonly Node[]): Effort | undefined {
  const efforts = options.map(effortOf);
  const steps = efforts.reduce<Bound | undefined>((sum, effort) => sum && effort && plus(sum, effort.steps), constant(0));
  if (!steps) return undefined;
  const ways = efforts.map((effort) => (effort as Effort).ways);
  if (!beginApart(options)) return { steps, ways: ways.reduce(plus) };
  return { steps, ways: { factor: Math.max(...ways.map(({ factor }) => factor)), degree: Math.max(...ways.map(({ degree }) => degree)) } };
}

/** Whether the next character decides between the options. */
function beginApart(options: readonly Node[]): boolean {
  const firsts = options.map((option) => (isNullable(option) ? undefined : firstOf(option)));
  return firsts.every(
    (first, i) => first !== undefined && firsts.slice(i + 1).every((other) => other !== undefined && disjoint(first, other)),
  );
}

function repeated({ item, min, max }: Node & { kind: 'repeat' }): Effort | undefined {
  const inner = effortOf(item);
  if (!inner) return undefined;
  const oneWay = inner.ways.degree === 0 && inner.ways.factor === 1;
  if (oneWay && !isNullable(item)) {
    if (max === Number.POSITIVE_INFINITY) return { ways: perCharacter, steps: times(perCharacter, inner.steps) };
    return { ways: constant(max - min + 1), steps: times(constant(max), inner.steps) };
  }
  if (max > 50) return undefined;
  const rounds = inOrder(Array.from({ length: max }, () => inner));
  return rounds && { ways: times(constant(max - min + 1), rounds.ways), steps: rounds.steps };
}
