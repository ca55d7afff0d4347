import type { Node } from 'jsonc-parser';
import { put } from './field-path.ts';
import type { Issue } from './issue.ts';
import type { DataRecord, Json } from './json.ts';

/**
 * The value of a syntax tree, as `JSON.parse` would give it: `__proto__` is a name like any other, of a name that occurs twice the last value counts.
 * Warns where that loses something.
 */
export function readTree(tree: Node): { value: Json; issues: Issue[] } {
  const issues: Issue[] = [];
  const read = (node: Node): Json => {
    if (node.type === 'array') return (node.children ?? []).map(read);
    if (node.type === 'object') return object(node);
    if (node.type === 'number' && Number.isInteger(node.value) && !Number.isSafeInteger(node.value)) issues.push(inexact(node));
    return node.value as Json;
  };
  const object = (node: Node): DataRecord => {
    const record: DataRecord = {};
    for (const { children: [key, value] = [] } of node.children ?? []) {
      if (!key || !value) continue;
      if (Object.hasOwn(record, key.value)) issues.push(repeated(key));
      put(record, key.value, read(value));
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
