import type { DataflowDocument } from './document.ts';
import type { Issue } from './issue.ts';
import { MASK, mapSecrets } from './secrets.ts';
import type { ComponentLookup } from './traits.ts';

/** Masks that stand where a secret is needed: a flow that came masked from elsewhere. For documents whose secrets are otherwise in clear. */
export function checkMasks(document: DataflowDocument, lookup: ComponentLookup): Issue[] {
  const issues: Issue[] = [];
  mapSecrets(document, lookup, (value, step, param) => {
    if (value === MASK) {
      const message = `${param} holds a mask in place of the secret.`;
      issues.push({ severity: 'error', code: 'masked-secret', step, field: `params.${param}`, message, remedy: `Type ${param} in again.` });
    }
    return value;
  });
  return issues;
}
