import type { DataflowDocument } from './document.ts';
import type { Issue } from './issue.ts';
import { MASK, mapSecrets } from './secrets.ts';
import type { ComponentLookup } from './traits.ts';

/** Masks that stand where a secret is needed: a flow that came masked from elsewhere, or a step that was sent to another place. For documents whose secrets are otherwise in clear. */
export function checkMasks(document: DataflowDocument, lookup: ComponentLookup): Issue[] {
  const issues: Issue[] = [];
  mapSecrets(document, lookup, (value, step, { param }) => {
    if (value === MASK) {
      const message = `${param} holds a mask in place of the secret.`;
      const remedy = `Type ${param} in again. A stored secret is kept only while its step goes to the same host or address.`;
      issues.push({ severity: 'error', code: 'masked-secret', step: step.id, field: `params.${param}`, message, remedy });
    }
    return value;
  });
  return issues;
}
