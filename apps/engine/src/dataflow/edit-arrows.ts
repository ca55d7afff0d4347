import type { DataflowDocument, Step } from './document.ts';
import { ConfigError } from './errors.ts';
import { wouldCycle } from './graph.ts';
import type { ArrowEnds } from './state.ts';
import { withKey } from './with-key.ts';

/** Only the ends of something that holds more. */
export const ends = ({ from, to, path }: ArrowEnds): ArrowEnds => ({ from, to, path });

/** The step with an id, or a ConfigError. */
export function requireStep(steps: readonly Step[], id: string): Step {
  const step = steps.find((other) => other.id === id);
  if (step) return step;
  throw new ConfigError(`There is no step ${id}.`, { code: 'invalidDocument', step: id });
}

/** Throws a ConfigError when an arrow would close a circle. */
export function requireNoCycle(document: DataflowDocument, { from, to }: ArrowEnds): void {
  requireStep(document.steps, from);
  requireStep(document.steps, to);
  if (!wouldCycle(document, from, to)) return;
  throw new ConfigError(`An arrow from ${from} to ${to} would lead in a circle.`, { code: 'invalidDocument', step: from });
}

/** Draws an arrow, last in its list. */
export function withArrow(steps: Step[], { from, to, path }: ArrowEnds): Step[] {
  const list = requireStep(steps, from)[path] ?? [];
  if (list.includes(to)) throw new ConfigError(`${from} already leads to ${to} that way.`, { code: 'invalidDocument', step: from });
  return withList(steps, from, path, [...list, to]);
}

/** Takes an arrow away; an emptied list stays as an empty list. */
export function removeArrow(steps: Step[], { from, to, path }: ArrowEnds): Step[] {
  const list = listWith(steps, { from, to, path });
  return withList(
    steps,
    from,
    path,
    list.filter((id) => id !== to),
  );
}

/** Lets an arrow end elsewhere without losing its place in the list. */
export function replaceArrow(steps: Step[], arrow: ArrowEnds, target: string): Step[] {
  const list = listWith(steps, arrow);
  if (target !== arrow.to && list.includes(target)) {
    throw new ConfigError(`${arrow.from} already leads to ${target} that way.`, { code: 'invalidDocument', step: arrow.from });
  }
  return withList(
    steps,
    arrow.from,
    arrow.path,
    list.map((id) => (id === arrow.to ? target : id)),
  );
}

function listWith(steps: Step[], { from, to, path }: ArrowEnds): readonly string[] {
  const list = requireStep(steps, from)[path] ?? [];
  if (list.includes(to)) return list;
  throw new ConfigError(`There is no such arrow from ${from} to ${to}.`, { code: 'invalidDocument', step: from });
}

const withList = (steps: Step[], id: string, path: 'next' | 'error', list: string[]): Step[] =>
  steps.map((step) => (step.id === id ? withKey(step, path, list, path === 'next' ? ['error'] : []) : step));
