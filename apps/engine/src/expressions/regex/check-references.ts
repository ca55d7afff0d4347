import type { Node } from './node.ts';
import { RegexError } from './regex-error.ts';

/** Throws RegexError for a reference to a group that may not have matched before it: that fails in Java, but matches nothing in JavaScript. */
export function checkReferences(node: Node): void {
  follow(node, new Set());
}

/** Returns the groups that have matched behind the node, whichever way it matched. */
function follow(node: Node, matched: Set<number>): Set<number> {
  switch (node.kind) {
    case 'back':
      if (!matched.has(node.index)) {
        throw new RegexError(
          `\\${node.index} refers to a group that may not have matched before it`,
          undefined,
          'Put the reference into the same alternative.',
        );
      }
      return matched;
    case 'sequence':
      return node.items.reduce((known, item) => follow(item, known), matched);
    case 'choice':
      return node.options
        .map((option) => follow(option, matched))
        .reduce((one, other) => new Set(Array.from(one).filter((index) => other.has(index))));
    case 'group':
      return new Set([...follow(node.item, matched), node.index]);
    case 'repeat': {
      const inner = follow(node.item, matched);
      return node.min > 0 ? inner : matched;
    }
    case 'look': {
      const inner = follow(node.item, matched);
      return node.negative ? matched : inner;
    }
    default:
      return matched;
  }
}
