import type { Arrow, Edit } from '@idsync/engine/dataflow';
import { type ArrowPath, whyNotConnect } from '../../document/connect-rules.ts';
import { makeRoom } from '../../document/make-room.ts';
import { freePlace, newStep, type Place, placeAfter } from '../../document/new-step.ts';
import type { DocumentStore } from '../../document/store.ts';

export interface Addition {
  type: string;
  /** Upper left corner on the canvas; beside `after`, or right of everything, when not given. */
  place?: Place | undefined;
  after?: { step: string; path: ArrowPath } | undefined;
  /** The arrow the step is set into. */
  into?: Arrow | undefined;
}

/** Adds one step, joins it where that makes sense, selects it, and returns its id. */
export function addStep(store: DocumentStore, { type, place, after, into }: Addition): string {
  const { history, push, select } = store.getState();
  const { state } = history;
  const step = newStep(
    type,
    state.document.steps.map(({ id }) => id),
  );
  const position = place ? freePlace(state, place) : after ? placeAfter(state, after.step) : placeAtEnd(store);
  if (into) {
    const room = makeRoom(state, into, place ?? position);
    const edits: Edit[] = [
      { type: 'splice', step, arrow: into, position: room.place },
      { type: 'move-steps', positions: room.moved },
    ];
    push({ type: 'all', edits }, { title: `Insert ${step.id}` });
  } else {
    const added = { ...state.document, steps: [...state.document.steps, step] };
    const joins = after !== undefined && whyNotConnect(added, after.step, step.id, after.path) === undefined;
    const arrows = joins && after ? [{ from: after.step, to: step.id, path: after.path }] : [];
    push({ type: 'add-steps', steps: [step], arrows, positions: { [step.id]: position } }, { title: `Add ${step.id}` });
  }
  select({ steps: [step.id] });
  return step.id;
}

function placeAtEnd(store: DocumentStore): Place {
  const { state } = store.getState().history;
  const places = Object.entries(state.layout);
  const rightmost = places.reduce<[string, Place] | undefined>(
    (best, entry) => (best && best[1].x >= entry[1].x ? best : entry),
    undefined,
  );
  return rightmost ? placeAfter(state, rightmost[0]) : { x: 0, y: 0 };
}
