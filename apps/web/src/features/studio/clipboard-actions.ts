import { lookup } from '../../document/catalogue.ts';
import { addedIds, copySteps, pasteEdit, readCopied } from '../../document/clipboard.ts';
import type { Place } from '../../document/new-step.ts';
import type { DocumentStore } from '../../document/store.ts';

export function copiedText(store: DocumentStore): string | undefined {
  const { history, selection } = store.getState();
  return selection.steps.length > 0 ? copySteps(history.state, selection.steps, lookup) : undefined;
}

/** Adds what the text holds and selects it; false when the text holds no steps. */
export function pasteText(store: DocumentStore, text: string, at?: Place): boolean {
  const copied = readCopied(text);
  if (!copied) return false;
  const { history, push, select } = store.getState();
  push(pasteEdit(copied, at), { title: copied.steps.length === 1 ? 'Paste step' : `Paste ${copied.steps.length} steps` });
  select({ steps: addedIds(history.state, store.getState().history.state) });
  return true;
}

export function duplicateSelected(store: DocumentStore): void {
  const text = copiedText(store);
  if (text) pasteText(store, text);
}
