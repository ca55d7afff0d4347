import type { DataflowDocument, Step } from './document.ts';
import { replaceArrow, requireNoCycle, requireStep, withArrow } from './edit-arrows.ts';
import { ConfigError } from './errors.ts';
import { graphOf } from './graph.ts';
import type { ArrowEnds, DataflowState, Layout } from './state.ts';

/** An id like the wanted one that is not taken: `dsv`, else `dsv 2`, `dsv 3` … */
export function freeId(taken: ReadonlySet<string>, wanted: string): string {
  if (wanted !== '' && !taken.has(wanted)) return wanted;
  const stem = wanted.replace(/ \d+$/, '') || 'step';
  let count = 2;
  while (taken.has(`${stem} ${count}`)) count++;
  return `${stem} ${count}`;
}

export function addSteps(state: DataflowState, added: readonly Step[], arrows: readonly ArrowEnds[], positions: Layout): DataflowState {
  const { document } = state;
  const taken = new Set(document.steps.map((step) => step.id));
  const renamed = new Map<string, string>();
  const ids = added.map((step) => {
    const id = freeId(taken, step.id);
    taken.add(id);
    if (!renamed.has(step.id)) renamed.set(step.id, id);
    return id;
  });
  const idOf = (id: string) => renamed.get(id) ?? id;
  const follow = (list: readonly string[]) => list.map(idOf).filter((id) => taken.has(id));
  const steps = added.map((step, i) => mapLists({ ...step, id: ids[i] ?? step.id }, follow));
  const placed = Object.entries(positions).map(([id, position]) => [idOf(id), position] as const);
  let next = { ...document, steps: [...document.steps, ...steps] };
  requireNoCircleAmong(next, new Set(ids));
  for (const { from, to, path } of arrows) {
    const arrow = { from: idOf(from), to: idOf(to), path };
    requireNoCycle(next, arrow);
    next = { ...next, steps: withArrow(next.steps, arrow) };
  }
  return { document: next, layout: { ...state.layout, ...Object.fromEntries(placed) } };
}

function requireNoCircleAmong(document: DataflowDocument, added: ReadonlySet<string>): void {
  const circle = graphOf(document).cycles.find((cycle) => cycle.some((id) => added.has(id)));
  if (circle) throw new ConfigError(`These steps lead in a circle: ${circle.join(', ')}.`, { code: 'invalidDocument' });
}

export function removeSteps(state: DataflowState, ids: readonly string[]): DataflowState {
  for (const id of ids) requireStep(state.document.steps, id);
  const gone = new Set(ids);
  const keep = (list: readonly string[]) => list.filter((id) => !gone.has(id));
  return {
    document: { ...state.document, steps: state.document.steps.filter((step) => !gone.has(step.id)).map((step) => mapLists(step, keep)) },
    layout: Object.fromEntries(Object.entries(state.layout).filter(([id]) => !gone.has(id))),
  };
}

export function renameStep(state: DataflowState, from: string, to: string): DataflowState {
  const { document, layout } = state;
  requireStep(document.steps, from);
  if (to.trim() === '') throw new ConfigError('A step needs a name.', { code: 'invalidDocument', step: from, field: 'id' });
  if (to !== from && document.steps.some((step) => step.id === to)) {
    throw new ConfigError(`Another step is called ${to}; choose another name.`, { code: 'invalidDocument', step: from, field: 'id' });
  }
  const rename = (id: string) => (id === from ? to : id);
  const steps = document.steps.map((step) => mapLists(step.id === from ? { ...step, id: to } : step, (list) => list.map(rename)));
  return {
    document: { ...document, steps },
    layout: Object.fromEntries(Object.entries(layout).map(([id, position]) => [rename(id), position])),
  };
}

export function splice(state: DataflowState, step: Step, arrow: ArrowEnds, position: { x: number; y: number } | undefined): DataflowState {
  const id = freeId(new Set(state.document.steps.map((other) => other.id)), step.id);
  const { document, layout } = addSteps(state, [{ ...step, id }], [], position ? { [id]: position } : {});
  const steps = replaceArrow(document.steps, arrow, id);
  const onward = { from: id, to: arrow.to, path: 'next' as const };
  const goesOn = requireStep(steps, id).next?.includes(arrow.to);
  return { document: { ...document, steps: goesOn ? steps : withArrow(steps, onward) }, layout };
}

/** Changes a step's lists of ids; untouched lists, and steps without any, stay the same objects. */
function mapLists(step: Step, change: (list: readonly string[]) => string[]): Step {
  let mapped = step;
  for (const path of ['next', 'error'] as const) {
    const list = step[path];
    if (!list) continue;
    const changed = change(list);
    if (changed.length !== list.length || changed.some((id, i) => id !== list[i])) mapped = { ...mapped, [path]: changed };
  }
  return mapped;
}
