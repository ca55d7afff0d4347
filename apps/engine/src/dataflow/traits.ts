import { z } from 'zod';
import { type Component, type ComponentKind, type Flow, flowsOf } from './component.ts';
import type { JSONSchema } from './json-schema.ts';

/** What checking a document needs to know about a component. */
export interface ComponentTraits {
  type: string;
  kind: ComponentKind;
  /** Absent: an entry point. */
  input?: Flow;
  /** Absent: an end point. */
  output?: Flow;
  schema: JSONSchema;
  params: z.ZodType;
}

/** Finds a component by the `type` of a step: surrounding blanks and letter case do not matter, other spellings are known. */
export interface ComponentLookup {
  (type: string): ComponentTraits | undefined;
  /** All ids, for suggesting the nearest. */
  readonly types?: readonly string[];
}

const known = new WeakMap<Component, ComponentTraits>();

/** The traits of a component, with its own schema. */
export function traitsOf(component: Component): ComponentTraits {
  const found = known.get(component);
  if (found) return found;
  const { input, output } = flowsOf(component);
  const traits: ComponentTraits = {
    type: component.type,
    kind: component.kind,
    ...(input && { input }),
    ...(output && { output }),
    schema: z.toJSONSchema(component.params, { io: 'input' }) as JSONSchema,
    params: component.params,
  };
  known.set(component, traits);
  return traits;
}

/** Lookup by the components themselves, for the server and the command line: every check of their schemas counts. */
export const lookupOfComponents = (components: readonly Component[]): ComponentLookup => lookupBy(components, traitsOf);

/** Lookup by id and other spellings over anything that has them; traits are made on first use. */
export function lookupBy<T extends { type: string; aliases?: readonly string[] }>(
  items: readonly T[],
  traits: (item: T) => ComponentTraits,
): ComponentLookup {
  const byName = new Map(items.flatMap((item) => [item.type, ...(item.aliases ?? [])].map((name) => [name.toLowerCase(), item] as const)));
  const find = (type: string) => {
    const item = byName.get(type.trim().toLowerCase());
    return item && traits(item);
  };
  return Object.assign(find, { types: items.map((item) => item.type) });
}
