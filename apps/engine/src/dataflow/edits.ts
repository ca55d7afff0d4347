import type { Step } from './document.ts';
import { ends, removeArrow, replaceArrow, requireNoCycle, requireStep, withArrow } from './edit-arrows.ts';
import { addSteps, removeSteps, renameStep, splice } from './edit-steps.ts';
import type { DataRecord } from './json.ts';
import type { ArrowEnds, DataflowState, Layout } from './state.ts';
import { withKey } from './with-key.ts';

export type Edit =
  /** Adds steps. An id that is taken is changed (`dsv` to `dsv 2`) together with every reference inside the edit; of two meanings, arrows mean the added step. References to steps that exist nowhere are dropped. */
  | { type: 'add-steps'; steps: readonly Step[]; arrows?: readonly ArrowEnds[]; positions?: Layout }
  /** Removes steps, the arrows to them and their places. */
  | { type: 'remove-steps'; ids: readonly string[] }
  | { type: 'rename-step'; from: string; to: string }
  | { type: 'set-params'; id: string; params: DataRecord }
  | ({ type: 'connect' } & ArrowEnds)
  | ({ type: 'disconnect' } & ArrowEnds)
  /** Moves one or both ends of an arrow, or changes its path; it keeps its place in the list when it stays in it. */
  | { type: 'reconnect'; arrow: ArrowEnds; to: ArrowEnds }
  | { type: 'set-details'; name?: string; description?: string }
  | { type: 'move-steps'; positions: Layout }
  /** A whole other state: an edit in the source view, and what undo goes back to. */
  | { type: 'replace'; state: DataflowState }
  /** Puts a new step into an arrow: the arrow ends at it, and it goes on to where the arrow led. */
  | { type: 'splice'; step: Step; arrow: ArrowEnds; position?: { x: number; y: number } }
  /** Several edits as one. */
  | { type: 'all'; edits: readonly Edit[] };

/**
 * Applies an edit. Keys the product does not know and the order of keys in what the edit does not touch survive.
 * The inverse brings the former state back; states share structure, so it costs a reference.
 * Throws a ConfigError, having changed nothing, for an edit that makes no sense: a step that does not exist, an id that is taken, a circle.
 */
export const applyEdit = (state: DataflowState, edit: Edit): { state: DataflowState; inverse: Edit } => ({
  state: apply(state, edit),
  inverse: { type: 'replace', state },
});

function apply(state: DataflowState, edit: Edit): DataflowState {
  switch (edit.type) {
    case 'add-steps':
      return addSteps(state, edit.steps, edit.arrows ?? [], edit.positions ?? {});
    case 'remove-steps':
      return removeSteps(state, edit.ids);
    case 'rename-step':
      return renameStep(state, edit.from, edit.to);
    case 'set-params':
      return setParams(state, edit.id, edit.params);
    case 'connect':
      return connect(state, ends(edit));
    case 'disconnect':
      return mapSteps(state, (steps) => removeArrow(steps, ends(edit)));
    case 'reconnect':
      return reconnect(state, edit.arrow, edit.to);
    case 'set-details':
      return setDetails(state, edit);
    case 'move-steps':
      for (const id of Object.keys(edit.positions)) requireStep(state.document.steps, id);
      return { ...state, layout: { ...state.layout, ...edit.positions } };
    case 'replace':
      return edit.state;
    case 'splice':
      return splice(state, edit.step, edit.arrow, edit.position);
    case 'all':
      return edit.edits.reduce(apply, state);
  }
}

const mapSteps = ({ document, layout }: DataflowState, change: (steps: Step[]) => Step[]): DataflowState => ({
  document: { ...document, steps: change(document.steps) },
  layout,
});

function connect(state: DataflowState, arrow: ArrowEnds): DataflowState {
  requireNoCycle(state.document, arrow);
  return mapSteps(state, (steps) => withArrow(steps, arrow));
}

function reconnect(state: DataflowState, from: ArrowEnds, to: ArrowEnds): DataflowState {
  const without = mapSteps(state, (steps) => removeArrow(steps, from));
  requireNoCycle(without.document, to);
  const stays = from.from === to.from && from.path === to.path;
  return mapSteps(state, (steps) => (stays ? replaceArrow(steps, from, to.to) : withArrow(removeArrow(steps, from), to)));
}

function setParams(state: DataflowState, id: string, params: DataRecord): DataflowState {
  requireStep(state.document.steps, id);
  return mapSteps(state, (steps) => steps.map((step) => (step.id === id ? withKey(step, 'params', params, ['next', 'error']) : step)));
}

function setDetails(state: DataflowState, { name, description }: { name?: string; description?: string }): DataflowState {
  let { document } = state;
  if (name !== undefined) document = withKey(document, 'name', name, ['description', 'steps']);
  if (description !== undefined) document = withKey(document, 'description', description, ['steps']);
  return { ...state, document };
}
