import type { Node } from 'jsonc-parser';
import { put } from './field-path.ts';
import type { Issue } from './issue.ts';
import type { DataRecord, Json } from './json.ts';

/** Far more than any flow needs, and few enough for every later walk over the document. */
const mostLevels = 500;

/**
 * The value of a syntax tree, as `JSON.parse` would give it: `__proto__` is a name like any other, of a name that occurs twice the last value counts.
 * Warns where that loses something. Throws a RangeError when the tree is nested too deeply.
 */
export function readTree(tree: Node): { value: Json; issues: Issue[] } {
  const issues: Issue[] = [];
  const read = (node: Node, depth = 0): Json => {
    if (depth > mostLevels) throw new RangeError('Nested too deeply.');
    if (node.type === 'array') return (node.children ?? []).map((child) => read(child, depth + 1));
    if (node.type === 'object') return object(node, depth + 1);
    if (node.type === 'number' && Number.isInteger(node.value) && !Number.isSafeInteger(node.value)) issues.push(inexact(node));
    return node.value as Json;
  };
  const object = (node: Node, depth: number): DataRecord => {
    const record: DataRecord = {};
    for (const { children: [key, value] = [] } of node.children ?? []) {
      if (!key || !value) continue;
      if (Object.hasOwn(record, key.value)) issues.push(repeated(key));
      put(record, key.value, read(value, depth));
    }
    return record;
  };
  return { value: read(tree), issues };
}

const repeated = ({ value, offset, length }: Node): Issue => ({
  severity: 'warning',
  code: 'duplicate-key',
  message: `The name ${value} occurs twice in one object; the last value counts.`,
  remedy: 'Remove one of the two.',
  offset,
  length,
});

const inexact = ({ offset, length }: Node): Issue => ({
  severity: 'warning',
  code: 'inexact-number',
  message: 'This number has more digits than can be kept.',
  remedy: 'Put it into quotes.',
  offset,
  length,
});
