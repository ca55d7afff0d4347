import { type CodePoints, everything, union } from './code-points.ts';
import { childrenOf, contains, type Node } from './node.ts';

/** Whether the node may match nothing. */
export function isNullable(node: Node): boolean {
  switch (node.kind) {
    case 'set':
      return false;
    case 'sequence':
      return node.items.every(isNullable);
    case 'choice':
      return node.options.some(isNullable);
    case 'group':
      return isNullable(node.item);
    case 'repeat':
      return node.min === 0 || isNullable(node.item);
    default:
      return true;
  }
}

/** Characters that what the node matches may begin with, when it matches anything. */
export function firstOf(node: Node): CodePoints {
  switch (node.kind) {
    case 'set':
      return node.set;
    case 'sequence': {
      const stop = node.items.findIndex((item) => !isNullable(item));
      return union(...node.items.slice(0, stop < 0 ? undefined : stop + 1).map(firstOf));
    }
    case 'choice':
      return union(...node.options.map(firstOf));
    case 'group':
    case 'repeat':
      return firstOf(node.item);
    case 'back':
      return everything;
    default:
      return [];
  }
}

/** Numbers of the groups that are referred to from within the expression. */
export function referredGroups(node: Node): Set<number> {
  const found = new Set<number>();
  const visit = (at: Node): void => {
    if (at.kind === 'back') found.add(at.index);
    childrenOf(at).forEach(visit);
  };
  visit(node);
  return found;
}

/** Whether one of the groups stands in a part that is repeated: JavaScript then forgets what Java remembers of earlier rounds. */
export function repeatsGroups(node: Node, groups: ReadonlySet<number>, inside = false): boolean {
  switch (node.kind) {
    case 'group':
      return (inside && groups.has(node.index)) || repeatsGroups(node.item, groups, inside);
    case 'repeat':
      return repeatsGroups(node.item, groups, inside || node.max > 1);
    case 'look':
      return repeatsGroups(node.item, groups, inside || node.behind || node.negative);
    case 'sequence':
      return node.items.some((item) => repeatsGroups(item, groups, inside));
    case 'choice':
      return node.options.some((option) => repeatsGroups(option, groups, inside));
    default:
      return false;
  }
}

/** The product of the largest counts that stand in each other; `{2,}` counts as 2. */
export function largestCount(node: Node): number {
  switch (node.kind) {
    case 'repeat':
      return Math.max(1, node.max === Number.POSITIVE_INFINITY ? node.min : node.max) * largestCount(node.item);
    case 'sequence':
      return Math.max(1, ...node.items.map(largestCount));
    case 'choice':
      return Math.max(1, ...node.options.map(largestCount));
    case 'group':
    case 'look':
      return largestCount(node.item);
    default:
      return 1;
  }
}

/**
 * Whether a part that may match nothing is repeated in a way in which matchers differ on what an empty round means: with a group that is
 * asked for, a reluctant part, a condition, or an empty alternative that is not the last.
 */
export function repeatsNothing(node: Node, groups: ReadonlySet<number>): boolean {
  const here = node.kind === 'repeat' && node.max > 1 && isNullable(node.item) && contains(node.item, (at) => tellsRounds(at, groups));
  return here || childrenOf(node).some((child) => repeatsNothing(child, groups));
}

function tellsRounds(node: Node, groups: ReadonlySet<number>): boolean {
  if (node.kind === 'group') return groups.has(node.index);
  if (node.kind === 'repeat') return node.lazy;
  if (node.kind === 'choice') return node.options.slice(0, -1).some(isNullable);
  return node.kind === 'anchor' || node.kind === 'look' || node.kind === 'back';
}
