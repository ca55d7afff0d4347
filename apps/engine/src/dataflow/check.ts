import { checkFlows } from './check-flows.ts';
import { checkGraph } from './check-graph.ts';
import { checkParams } from './check-params.ts';
import type { DataflowDocument } from './document.ts';
import type { Issue } from './issue.ts';
import { nearest } from './nearest.ts';
import type { ComponentLookup } from './traits.ts';

/**
 * Everything that is wrong with a dataflow, errors and warnings, in the order of its steps; an empty list means that it can run.
 * Never throws, runs no code of the flow and opens nothing.
 */
export function checkDocument(document: DataflowDocument, lookup: ComponentLookup): Issue[] {
  const place = new Map(document.steps.map((step, i) => [step.id, i] as const));
  const issues = [
    ...checkGraph(document),
    ...checkComponents(document, lookup),
    ...checkFlows(document, lookup),
    ...document.steps.flatMap((step) => checkParams(step, lookup(step.type))),
  ];
  const at = (issue: Issue) => (issue.step === undefined ? -1 : (place.get(issue.step) ?? 0));
  return issues.toSorted((a, b) => at(a) - at(b));
}

function checkComponents(document: DataflowDocument, lookup: ComponentLookup): Issue[] {
  return document.steps.flatMap((step): Issue[] => {
    if (lookup(step.type)) return [];
    const meant = nearest(step.type, lookup.types ?? []);
    return [
      {
        severity: 'error',
        code: 'unknown-component',
        step: step.id,
        field: 'type',
        message: step.type.trim() === '' ? 'This step has no component.' : `This build has no component ${step.type}.`,
        remedy: meant ? `Did you mean ${meant}?` : 'Choose a component of the repository, or remove the step.',
      },
    ];
  });
}
