import { findNodeAtLocation, type JSONPath, parseTree } from 'jsonc-parser';
import type { Issue } from './issue.ts';

/** Gives issues of a checked document their place in the text it was read from, for marking lines in a source view. */
export function locateIssues(text: string, issues: readonly Issue[]): Issue[] {
  const skipped = text.startsWith('\uFEFF') ? 1 : 0;
  const tree = parseTree(text.slice(skipped), [], { allowTrailingComma: true });
  const steps = tree && findNodeAtLocation(tree, ['steps'])?.children;
  const ids = steps?.map((step) => findNodeAtLocation(step, ['id'])?.value as unknown) ?? [];
  return issues.map((issue) => {
    if (!tree || issue.offset !== undefined) return issue;
    const index = issue.code === 'duplicate-id' ? ids.lastIndexOf(issue.step) : ids.indexOf(issue.step);
    const base: JSONPath = issue.step === undefined || index < 0 ? [] : ['steps', index];
    for (let path = fieldPathOf(issue.field); ; path = path.slice(0, -1)) {
      const node = findNodeAtLocation(tree, [...base, ...path]);
      if (node) return { ...issue, offset: node.offset + skipped, length: node.length };
      if (path.length === 0) return issue;
    }
  });
}

const fieldPathOf = (field = ''): JSONPath => [...field.matchAll(/[^.[\]]+/g)].map(([part]) => (/^\d+$/.test(part) ? Number(part) : part));
