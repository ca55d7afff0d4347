import { checkDocument, type DataflowState, type Edit, type Issue } from '@idsync/engine/dataflow';
import { useStore } from 'zustand';
import { createStore, type StoreApi } from 'zustand/vanilla';
import { lookup } from './catalogue.ts';
import { type Draft, type DraftStorage, dropDraft, keepDraft, readDraft } from './draft.ts';
import { completeLayout } from './drawing/auto-layout.ts';
import { endGesture, type History, historyOf, type PushOptions, pushEdit, redo, undo } from './history.ts';

export interface Selection {
  steps: readonly string[];
  /** Ids of arrows as {@link arrowId} makes them. */
  arrows: readonly string[];
}

export interface Opening {
  id: string;
  apiKey: string;
  version: number;
  state: DataflowState;
  /** What the server holds has errors and cannot run. */
  draft: boolean;
}

/** The dataflow that is open in the studio. Features read and change it here and nowhere else. */
export interface OpenDataflow {
  id: string;
  apiKey: string;
  /** The stored version the work is based on. */
  version: number;
  history: History;
  savedRevision: number;
  /** What the server holds has errors and cannot run. */
  draft: boolean;
  /** Findings about the document as it stands now. */
  issues: readonly Issue[];
  selection: Selection;
  /** Work of an earlier visit that was never saved, until it is taken up or dropped. */
  offeredDraft: Draft | undefined;
  /** The step whose parameters are open, and the field to show first. */
  inspected: { step: string; field?: string | undefined } | undefined;

  open(opening: Opening): void;
  push(edit: Edit, options: PushOptions): void;
  endGesture(): void;
  undo(): void;
  redo(): void;
  /** An open inspector goes along to a step that is selected alone. */
  select(selection: Partial<Selection>): void;
  inspect(step: string | undefined, field?: string): void;
  /** The server holds what stood at `revision`. */
  markSaved(saved: { version: number; revision: number; draft: boolean }): void;
  takeUpDraft(): void;
  dropDraft(): void;
}

export type DocumentStore = StoreApi<OpenDataflow>;

const nothing: Selection = { steps: [], arrows: [] };
const checked = (history: History) => ({ history, issues: checkDocument(history.state.document, lookup) });

/** Selection and inspector let go of steps that are gone. */
function kept(open: OpenDataflow, history: History): Pick<OpenDataflow, 'selection' | 'inspected'> {
  const ids = new Set(history.state.document.steps.map((step) => step.id));
  const steps = open.selection.steps.filter((id) => ids.has(id));
  return {
    selection: steps.length === open.selection.steps.length ? open.selection : { ...open.selection, steps },
    inspected: open.inspected && ids.has(open.inspected.step) ? open.inspected : undefined,
  };
}

/** Renaming carries selection and inspector along. */
function renamed(open: OpenDataflow, edit: Edit): OpenDataflow {
  if (edit.type !== 'rename-step') return open;
  const rename = (id: string) => (id === edit.from ? edit.to : id);
  return {
    ...open,
    selection: { ...open.selection, steps: open.selection.steps.map(rename) },
    inspected: open.inspected && { ...open.inspected, step: rename(open.inspected.step) },
  };
}

export const isDirty = (open: OpenDataflow): boolean => open.history.revision !== open.savedRevision;

/** A store with its own draft storage; the page has one, tests make their own. */
export function createDocumentStore(storage: DraftStorage): DocumentStore {
  return createStore<OpenDataflow>()((set, get) => {
    const move = (history: History, from: OpenDataflow = get()) => {
      if (history === from.history) return;
      const documentChanged = history.state.document !== from.history.state.document;
      set({ ...(documentChanged ? checked(history) : { history }), ...kept(from, history), offeredDraft: undefined });
      const open = get();
      if (!open.id) return;
      if (isDirty(open))
        keepDraft(storage, open.id, { state: history.state, baseVersion: open.version, keptAt: new Date().toISOString() }, lookup);
      else dropDraft(storage, open.id);
    };
    return {
      id: '',
      apiKey: '',
      version: 0,
      ...checked(historyOf({ document: { steps: [] }, layout: {} })),
      savedRevision: 0,
      draft: false,
      selection: nothing,
      offeredDraft: undefined,
      inspected: undefined,

      open: ({ id, apiKey, version, state, draft }) => {
        const history = historyOf(completeLayout(state));
        const offeredDraft = readDraft(storage, id);
        set({ id, apiKey, version, draft, ...checked(history), savedRevision: 0, selection: nothing, inspected: undefined, offeredDraft });
      },
      push: (edit, options) => move(pushEdit(get().history, edit, options), renamed(get(), edit)),
      endGesture: () => set({ history: endGesture(get().history) }),
      undo: () => move(undo(get().history)),
      redo: () => move(redo(get().history)),
      select: (selection) => {
        const [only, ...others] = selection.steps ?? [];
        const { inspected } = get();
        const follows = inspected !== undefined && only !== undefined && others.length === 0 && only !== inspected.step;
        set({ selection: { ...nothing, ...selection }, ...(follows && { inspected: { step: only } }) });
      },
      inspect: (step, field) => set({ inspected: step === undefined ? undefined : { step, field } }),
      markSaved: ({ version, revision, draft }) => {
        set({ version, savedRevision: revision, draft });
        if (!isDirty(get())) dropDraft(storage, get().id);
      },
      takeUpDraft: () => {
        const { offeredDraft, push } = get();
        if (offeredDraft) push({ type: 'replace', state: completeLayout(offeredDraft.state) }, { title: 'Restore unsaved work' });
      },
      dropDraft: () => {
        dropDraft(storage, get().id);
        set({ offeredDraft: undefined });
      },
    };
  });
}

/** The page's own. */
export const documentStore = createDocumentStore(globalThis.localStorage);

export function useDocument<T>(select: (open: OpenDataflow) => T): T {
  return useStore(documentStore, select);
}
