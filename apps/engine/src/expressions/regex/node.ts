import type { CodePoints } from './code-points.ts';

/** A parsed regular expression. */
export type Node =
  /** Any one character of the set. */
  | { kind: 'set'; set: CodePoints }
  | { kind: 'sequence'; items: readonly Node[] }
  | { kind: 'choice'; options: readonly Node[] }
  /** `max` is Infinity when there is none. */
  | { kind: 'repeat'; item: Node; min: number; max: number; lazy: boolean }
  | { kind: 'group'; index: number; item: Node }
  | { kind: 'anchor'; anchor: Anchor }
  | { kind: 'look'; behind: boolean; negative: boolean; item: Node }
  | { kind: 'back'; index: number };

/**
 * `end` the very end; `last` there or before a final line end; the `line-` ones are those of `(?m)`; `unix` ones know `\n` only (`(?d)`).
 */
export type Anchor =
  | 'start'
  | 'end'
  | 'last'
  | 'unix-last'
  | 'line-start'
  | 'line-end'
  | 'unix-line-start'
  | 'unix-line-end'
  | 'word'
  | 'not-word';

export const empty: Node = { kind: 'sequence', items: [] };

export function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'sequence':
      return node.items;
    case 'choice':
      return node.options;
    case 'repeat':
    case 'group':
    case 'look':
      return [node.item];
    default:
      return [];
  }
}

/** Whether the test holds for the node or anything in it. */
export const contains = (node: Node, test: (node: Node) => boolean): boolean =>
  test(node) || childrenOf(node).some((child) => contains(child, test));
