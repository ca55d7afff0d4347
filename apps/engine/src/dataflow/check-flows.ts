import type { Flow } from './component.ts';
import type { DataflowDocument } from './document.ts';
import { type Arrow, graphOf } from './graph.ts';
import type { Issue } from './issue.ts';
import type { ComponentLookup, ComponentTraits } from './traits.ts';

/** What passes along arrows: kinds that do not fit, readers that are fed, steps that nothing feeds, output that nothing takes. */
export function checkFlows(document: DataflowDocument, lookup: ComponentLookup): Issue[] {
  const traits = new Map(document.steps.map((step) => [step.id, lookup(step.type)] as const));
  const { arrows, endPoints, entryPoints } = graphOf(document);
  return [
    ...arrows.flatMap((arrow) => checkArrow(arrow, traits.get(arrow.from), traits.get(arrow.to))),
    ...entryPoints.flatMap((id) => checkEntry(id, traits.get(id))),
    ...endPoints.flatMap((id) => checkEnd(id, traits.get(id))),
    ...checkHasReader(document, entryPoints, traits),
  ];
}

function checkArrow({ from, to, path, index }: Arrow, source: ComponentTraits | undefined, target: ComponentTraits | undefined): Issue[] {
  const at = { step: from, field: `${path}[${index}]` };
  if (target && !target.input) {
    const message = `${to} is a reader and takes nothing, but ${from} leads to it.`;
    return [{ severity: 'error', code: 'reader-with-input', ...at, message, remedy: 'Remove the arrow; begin the flow at the reader.' }];
  }
  if (!source) return [];
  if (path === 'next' && !source.output) {
    const message = `${from} is the end of its branch and gives nothing, so nothing reaches ${to} this way.`;
    return [{ severity: 'warning', code: 'no-output', ...at, message, remedy: 'Remove the arrow.' }];
  }
  const gives = path === 'next' ? source.output : failuresOf(source);
  if (!gives || !target?.input || target.input === gives) return [];
  const message = `${from} gives ${gives}${path === 'error' ? ' on its error path' : ''}, but ${to} takes ${target.input}.`;
  const remedy = gives === 'records' ? 'Put a formatter (file.format…) between them.' : 'Put a parser (file.parse…) between them.';
  return [{ severity: 'error', code: 'wrong-flow', ...at, message, remedy }];
}

/** What goes along an error path: failed records. A step that only ever handles files fails as a whole, so nothing goes there. */
const failuresOf = (traits: ComponentTraits): Flow | undefined =>
  traits.input === 'records' || traits.output === 'records' ? 'records' : undefined;

function checkEntry(id: string, traits: ComponentTraits | undefined): Issue[] {
  if (!traits?.input) return [];
  const message = `Nothing leads to ${id}, which takes ${traits.input}.`;
  return [{ severity: 'error', code: 'no-input', step: id, message, remedy: 'Draw an arrow to it, or remove it.' }];
}

function checkEnd(id: string, traits: ComponentTraits | undefined): Issue[] {
  if (!traits?.output || traits.kind === 'writer') return [];
  const message = `Nothing takes the ${traits.output} that ${id} gives; they are dropped.`;
  return [{ severity: 'warning', code: 'lost-output', step: id, message, remedy: 'Draw an arrow to a writer.' }];
}

function checkHasReader(document: DataflowDocument, entryPoints: string[], traits: Map<string, ComponentTraits | undefined>): Issue[] {
  const mayRead = (id: string) => !traits.get(id)?.input;
  if (document.steps.length === 0 || entryPoints.some(mayRead)) return [];
  return [
    {
      severity: 'error',
      code: 'no-entry',
      field: 'steps',
      message: 'No reader begins this dataflow.',
      remedy: 'Add a reader without an arrow into it.',
    },
  ];
}
