import { applyEdit, type DataflowState, type Edit } from '@idsync/engine/dataflow';

/** One step back or forth: the edit that does it, and the revision it leads to. */
interface HistoryEntry {
  edit: Edit;
  title: string;
  revision: number;
  /** Entries pushed under the same gesture become one. Cleared when the gesture ends. */
  gesture: string | undefined;
}

/**
 * The document with its way back and forth. `revision` names each state that ever was,
 * so that undoing back to the saved state is known to be clean again.
 */
export interface History {
  state: DataflowState;
  revision: number;
  lastRevision: number;
  past: readonly HistoryEntry[];
  future: readonly HistoryEntry[];
}

export interface PushOptions {
  /** What the undo button says: `Undo Add step`. */
  title: string;
  /** Typing in one field, dragging one group: everything under one name is undone at once. */
  gesture?: string | undefined;
}

const mostEntries = 500;

export const historyOf = (state: DataflowState): History => ({ state, revision: 0, lastRevision: 0, past: [], future: [] });

/** The state after `edit`; throws the edit's ConfigError when it makes no sense and leaves the history as it was. */
export function pushEdit(history: History, edit: Edit, { title, gesture }: PushOptions): History {
  const { state, inverse } = applyEdit(history.state, edit);
  const revision = history.lastRevision + 1;
  const last = history.past.at(-1);
  const next = { state, revision, lastRevision: revision, future: [] };
  if (last && gesture !== undefined && last.gesture === gesture)
    return { ...next, past: [...history.past.slice(0, -1), { ...last, edit: joinInverse(inverse, last.edit) }] };
  return { ...next, past: [...history.past, { edit: inverse, title, gesture, revision: history.revision }].slice(-mostEntries) };
}

/** An inverse that restores a whole state undoes everything after it as well. */
function joinInverse(later: Edit, earlier: Edit): Edit {
  return earlier.type === 'replace' ? earlier : { type: 'all', edits: [later, earlier] };
}

/** Closes the running gesture, so that the next edit under the same name is an entry of its own. */
export function endGesture(history: History): History {
  const last = history.past.at(-1);
  if (last?.gesture === undefined) return history;
  return { ...history, past: [...history.past.slice(0, -1), { ...last, gesture: undefined }] };
}

export function undo(history: History): History {
  const entry = history.past.at(-1);
  if (!entry) return history;
  const { state, inverse } = applyEdit(history.state, entry.edit);
  const back: HistoryEntry = { edit: inverse, title: entry.title, gesture: undefined, revision: history.revision };
  return { ...history, state, revision: entry.revision, past: history.past.slice(0, -1), future: [...history.future, back] };
}

export function redo(history: History): History {
  const entry = history.future.at(-1);
  if (!entry) return history;
  const { state, inverse } = applyEdit(history.state, entry.edit);
  const back: HistoryEntry = { edit: inverse, title: entry.title, gesture: undefined, revision: history.revision };
  return { ...history, state, revision: entry.revision, future: history.future.slice(0, -1), past: [...history.past, back] };
}
