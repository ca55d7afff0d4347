import { type ComponentLookup, type DataflowState, MASK, mapSecrets } from '@idsync/engine/dataflow';

/** Unsaved work kept in this browser. Secrets typed since the last save are left out of it. */
export interface Draft {
  state: DataflowState;
  /** The stored version the work began from. */
  baseVersion: number;
  /** ISO instant of the last change. */
  keptAt: string;
}

export type DraftStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

const keyOf = (id: string) => `idsync.draft.${id}`;

/** Keeps the work; a full or forbidden storage is no reason to stop editing, so the answer says whether it was kept. */
export function keepDraft(storage: DraftStorage, id: string, draft: Draft, lookup: ComponentLookup): boolean {
  const document = mapSecrets(draft.state.document, lookup, (value) => (value === MASK ? MASK : ''));
  try {
    storage.setItem(keyOf(id), JSON.stringify({ ...draft, state: { ...draft.state, document } }));
    return true;
  } catch {
    return false;
  }
}

/** What was kept, or undefined when there is nothing or it cannot be read. */
export function readDraft(storage: DraftStorage, id: string): Draft | undefined {
  try {
    const draft: unknown = JSON.parse(storage.getItem(keyOf(id)) ?? 'null');
    return isDraft(draft) ? draft : undefined;
  } catch {
    return undefined;
  }
}

export function dropDraft(storage: DraftStorage, id: string): void {
  try {
    storage.removeItem(keyOf(id));
  } catch {
    // A storage that cannot be written held no draft either.
  }
}

function isDraft(value: unknown): value is Draft {
  const draft = value as Draft | null;
  return Array.isArray(draft?.state?.document?.steps) && typeof draft.baseVersion === 'number' && typeof draft.keptAt === 'string';
}
