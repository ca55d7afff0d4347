import { documentStore } from '../../document/store.ts';
import { addStep } from './add-step.ts';

/** Adds after the one selected step, or at the end of the flow. */
export function addAfterSelected(type: string): void {
  const { selection, history } = documentStore.getState();
  const [only, ...others] = selection.steps;
  const known = history.state.document.steps.some((step) => step.id === only);
  addStep(documentStore, { type, after: known && only !== undefined && others.length === 0 ? { step: only, path: 'next' } : undefined });
}
