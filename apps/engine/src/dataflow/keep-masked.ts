import type { DataflowDocument, Step } from './document.ts';
import { leavesOf } from './json-schema.ts';
import { MASK, mapSecrets } from './secrets.ts';
import type { ComponentLookup } from './traits.ts';

const placeName = /(?:host|hostname|server|port|url|uri|endpoint|address|domain|proxy|datacenter|region|instance|account|accountname)$/i;

/** True for a parameter that says where a step goes, and so who gets its secrets. */
export const namesPlace = (param: string): boolean => placeName.test(param);

/**
 * The next version of a document in which a mask means "unchanged": it becomes the secret of the step with the same id, as long as the
 * step still goes to the same place. Otherwise whoever may edit could send a secret they cannot read to a server of their own. A step that
 * was renamed is recognised when it is the only one of its type that disappeared. A mask without a stored secret stays, for
 * `checkMasks` to find.
 */
export function keepMasked(next: DataflowDocument, stored: DataflowDocument, lookup: ComponentLookup): DataflowDocument {
  const secrets = new Map<string, string>();
  mapSecrets(stored, lookup, (value, step, { slot }) => {
    secrets.set(keyOf(step.id, step, slot, lookup), value);
    return value;
  });
  const storedId = (id: string) => (stored.steps.some((step) => step.id === id) ? id : formerId(id, next, stored));
  return mapSecrets(next, lookup, (value, step, { slot }) =>
    value === MASK ? (secrets.get(keyOf(storedId(step.id), step, slot, lookup)) ?? MASK) : value,
  );
}

const keyOf = (id: string | undefined, step: Step, slot: string, lookup: ComponentLookup) =>
  JSON.stringify([id, slot, placeOf(step, lookup)]);

/** Component and place of a step; a parameter that is not set counts as its default. */
function placeOf({ type, params }: Step, lookup: ComponentLookup): string[] {
  const traits = lookup(type);
  const defaults = Object.entries(traits?.schema.properties ?? {}).flatMap(([name, { default: value }]) =>
    value === undefined ? [] : [[name, value]],
  );
  const given = Object.entries(params ?? {}).filter(([, value]) => value !== null && value !== '');
  const leaves = [...leavesOf(Object.fromEntries([...defaults, ...given]), traits?.schema)];
  const places = leaves.filter(({ name }) => namesPlace(name)).map(({ path, value }) => `${path}=${value}`);
  return [traits?.type ?? type, ...places.sort()];
}

function formerId(id: string, next: DataflowDocument, stored: DataflowDocument): string | undefined {
  const type = next.steps.find((step) => step.id === id)?.type;
  const without = (others: DataflowDocument) => {
    const ids = new Set(others.steps.map((step) => step.id));
    return (step: Step) => step.type === type && !ids.has(step.id);
  };
  const gone = stored.steps.filter(without(next));
  const added = next.steps.filter(without(stored));
  return gone.length === 1 && added.length === 1 ? gone[0]?.id : undefined;
}
