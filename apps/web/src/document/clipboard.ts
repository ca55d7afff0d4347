import { type ComponentLookup, type DataflowState, type Edit, type Layout, mapSecrets, type Step } from '@idsync/engine/dataflow';
import { card, grid, snap } from './drawing/measures.ts';

/** What is put on the clipboard: plain JSON that can be mailed, kept, or pasted into another flow. */
interface CopiedSteps {
  idsync: 'steps';
  steps: Step[];
  layout: Layout;
}

/** The steps with the arrows among them, as JSON text. Secrets are emptied. */
export function copySteps(state: DataflowState, ids: readonly string[], lookup: ComponentLookup): string {
  const chosen = new Set(ids);
  const inside = (next: string[] | null | undefined) => next?.filter((id) => chosen.has(id));
  const document = mapSecrets(state.document, lookup, () => '');
  const steps = document.steps
    .filter((step) => chosen.has(step.id))
    .map((step) => {
      const [next, error] = [inside(step.next), inside(step.error)];
      return { ...step, ...(next && { next }), ...(error && { error }) };
    });
  const layout = Object.fromEntries(Object.entries(state.layout).filter(([id]) => chosen.has(id)));
  return JSON.stringify({ idsync: 'steps', steps, layout } satisfies CopiedSteps, null, 2);
}

/** Reads copied steps, or the steps of a whole flow; undefined when the text is something else. */
export function readCopied(text: string): CopiedSteps | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { steps, layout } = (value ?? {}) as Partial<CopiedSteps>;
  if (!Array.isArray(steps) || steps.length === 0 || !steps.every(isStep)) return undefined;
  return { idsync: 'steps', steps, layout: isLayout(layout) ? layout : {} };
}

const isStep = (step: unknown): step is Step =>
  typeof step === 'object' && step !== null && typeof (step as Step).id === 'string' && typeof (step as Step).type === 'string';

const isLayout = (layout: unknown): layout is Layout =>
  typeof layout === 'object' &&
  layout !== null &&
  Object.values(layout).every((place) => Number.isFinite(place?.x) && Number.isFinite(place?.y));

/** The edit that adds copied steps with their upper left corner at `at`, or a little below where they came from. */
export function pasteEdit(copied: CopiedSteps, at: { x: number; y: number } | undefined): Edit {
  const places = copied.steps.map((step, index) => copied.layout[step.id] ?? { x: index * (card.width + 3 * grid), y: 0 });
  const left = Math.min(...places.map(({ x }) => x));
  const top = Math.min(...places.map(({ y }) => y));
  const shift = at ? { x: at.x - left, y: at.y - top } : { x: 3 * grid, y: card.height + 3 * grid };
  const positions = Object.fromEntries(
    copied.steps.map((step, index) => [
      step.id,
      { x: snap((places[index]?.x ?? 0) + shift.x), y: snap((places[index]?.y ?? 0) + shift.y) },
    ]),
  );
  return { type: 'add-steps', steps: copied.steps, positions };
}

/** Ids that are in the later state only: what an edit has added, under the names it gave them. */
export function addedIds(before: DataflowState, after: DataflowState): string[] {
  const known = new Set(before.document.steps.map((step) => step.id));
  return after.document.steps.map((step) => step.id).filter((id) => !known.has(id));
}
