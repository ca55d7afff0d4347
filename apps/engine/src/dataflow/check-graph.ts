import type { DataflowDocument, Step } from './document.ts';
import { graphOf } from './graph.ts';
import type { Issue } from './issue.ts';
import { nearest } from './nearest.ts';

/** Ids and arrows: empty, repeated and missing ids, arrows drawn twice, circles. */
export function checkGraph(document: DataflowDocument): Issue[] {
  if (document.steps.length === 0) {
    return [
      { severity: 'error', code: 'no-steps', field: 'steps', message: 'The dataflow has no steps.', remedy: 'Add a reader to begin with.' },
    ];
  }
  const ids = document.steps.map((step) => step.id);
  return [
    ...document.steps.flatMap((step, i) => checkId(step, ids.indexOf(step.id) === i)),
    ...document.steps.flatMap((step) => checkArrows(step, ids)),
    ...graphOf(document).cycles.map(cycleIssue),
  ];
}

function checkId(step: Step, isFirst: boolean): Issue[] {
  if (step.id.trim() === '') {
    const message = `A step of type ${step.type} has no id.`;
    return [{ severity: 'error', code: 'empty-id', step: step.id, field: 'id', message, remedy: 'Give it a name that no other step has.' }];
  }
  if (isFirst) return [];
  const message = `Two steps have the id ${step.id}.`;
  return [{ severity: 'error', code: 'duplicate-id', step: step.id, field: 'id', message, remedy: 'Rename one of them.' }];
}

function checkArrows(step: Step, ids: readonly string[]): Issue[] {
  return (['next', 'error'] as const).flatMap((path) =>
    (step[path] ?? []).flatMap((to, i, list): Issue[] => {
      const field = `${path}[${i}]`;
      if (!ids.includes(to)) {
        const meant = nearest(to, ids);
        const message = `${step.id} names the step ${to || '""'}, which does not exist.`;
        const remedy = meant ? `Did you mean ${meant}? Otherwise remove the arrow.` : 'Remove the arrow, or add the step.';
        return [{ severity: 'error', code: 'dangling-id', step: step.id, field, message, remedy }];
      }
      if (list.indexOf(to) === i) return [];
      const message = `${step.id} names the step ${to} twice; it is served once.`;
      return [{ severity: 'warning', code: 'duplicate-arrow', step: step.id, field, message, remedy: 'Remove one of the two.' }];
    }),
  );
}

function cycleIssue(cycle: string[]): Issue {
  const [first = ''] = cycle;
  return {
    severity: 'error',
    code: 'cycle',
    step: first,
    field: 'next',
    message: cycle.length === 1 ? `${first} leads back to itself.` : `These steps lead in a circle: ${cycle.join(', ')}.`,
    remedy: 'Remove one of the arrows between them.',
  };
}
