import type { Issue } from './issue.ts';
import type { DataRecord } from './json.ts';
import { describeFault } from './param-fault.ts';
import { tidyParams } from './tidy-params.ts';
import type { ComponentTraits } from './traits.ts';

/**
 * Reads stored params the way a component takes them: unset values (null, empty text) count as absent, older names and texts in place of
 * numbers and booleans are understood, defaults are filled in. Unknown parameters are warned about and ignored; they stay in the document.
 * Of several faults of one value the first is told. `params` is absent when there is an error among the issues.
 */
export function readParams(
  traits: Pick<ComponentTraits, 'schema' | 'params' | 'type'>,
  params: DataRecord | null | undefined,
): { params?: unknown; issues: Issue[] } {
  const tidy = tidyParams(traits.schema, params ?? {});
  const issues: Issue[] = tidy.unknown.map((path) => ({
    severity: 'warning',
    code: 'unknown-parameter',
    field: `params.${path}`,
    message: `${traits.type} has no parameter ${path}; it is kept but has no effect.`,
    remedy: 'Check the spelling, or remove it.',
  }));
  const result = traits.params.safeParse(tidy.params);
  if (result.success) return { params: result.data, issues };
  const faults = new Map<string | undefined, Issue>();
  for (const fault of result.error.issues) {
    const issue = describeFault(fault, traits.schema, tidy);
    if (!faults.has(issue.field)) faults.set(issue.field, issue);
  }
  return { issues: [...faults.values(), ...issues] };
}
