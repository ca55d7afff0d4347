import { z } from 'zod';
import type { Component, ComponentKind, Delivery, Example, Fault, Flow } from './component.ts';
import type { JSONSchema } from './json-schema.ts';
import { refineOneOf } from './params.ts';
import { type ComponentLookup, type ComponentTraits, lookupBy, traitsOf } from './traits.ts';

export type ComponentGroup = 'Readers' | 'Lookups' | 'Transformers' | 'Writers';
export type ComponentSubgroup = 'field' | 'file' | 'record';

/** What a component is and takes, as data: what the palette, the forms and the browser's checks are made from. */
export interface CatalogueEntry {
  type: string;
  aliases: readonly string[];
  title: string;
  summary: string;
  kind: ComponentKind;
  group: ComponentGroup;
  subgroup?: ComponentSubgroup;
  /** Absent: an entry point. */
  input?: Flow;
  /** Absent: an end point. */
  output?: Flow;
  params: JSONSchema;
  delivery?: Delivery;
  /** True when it reaches another system and so has a connection to test. */
  connects: boolean;
}

/** What is read about a component when its help or its reference page is open; as long as all the rest, so the browser fetches it then. */
export interface ComponentHelp {
  /** Markdown. */
  notes?: string;
  faults?: readonly Fault[];
  limits?: readonly string[];
  examples: readonly Example[];
}

/** What a person has to know about each kind of delivery. */
export const deliverySentences: Record<Delivery, string> = {
  'idempotent-by-key': 'A record that is written again, after a retry or a resumed job, changes nothing: the target knows it by its key.',
  'idempotent-by-token': 'A record that is written again, after a retry or a resumed job, is recognised by a token and not applied twice.',
  'at-least-once': 'After a retry or a resumed job a record can arrive more than once; the target does not recognise repetitions.',
  'published-once': 'A file appears under its final name only when it is complete. Written again, it takes the place of the earlier one.',
};

/** Everything about a component that is data. */
export type ComponentDescription = CatalogueEntry & ComponentHelp;

export const helpOf = ({ notes, faults, limits, examples }: ComponentDescription): ComponentHelp => ({
  ...(notes && { notes }),
  ...(faults && { faults }),
  ...(limits && { limits }),
  examples,
});

/** A description without its help. */
export function entryOf({ notes, faults, limits, examples, ...entry }: ComponentDescription): CatalogueEntry {
  return entry;
}

/** A component as data. */
export function describeComponent(component: Component): ComponentDescription {
  const { type, aliases = [], title, summary, notes, faults, limits, kind, examples } = component;
  const { input, output, schema } = traitsOf(component);
  return {
    type,
    aliases,
    title,
    summary,
    ...(notes && { notes }),
    ...(faults && { faults }),
    ...(limits && { limits }),
    kind,
    ...groupOfType(type),
    ...(input && { input }),
    ...(output && { output }),
    params: schema,
    examples,
    ...('delivery' in component && { delivery: component.delivery }),
    connects: 'connect' in component && component.connect !== undefined,
  };
}

/** Where an id belongs in the palette, by its prefix alone, so that components that are not built have a place too. */
export function groupOfType(type: string): { group: ComponentGroup; subgroup?: ComponentSubgroup } {
  const [room = '', use] = type.trim().toLowerCase().split('.');
  if (room === 'datasource') return { group: use === 'read' ? 'Readers' : use === 'lookup' ? 'Lookups' : 'Writers' };
  const subgroup = (['field', 'file', 'record'] as const).find((name) => name === room);
  return { group: 'Transformers', ...(subgroup && { subgroup }) };
}

/** Lookup over catalogue data, for the browser. Checks that only a component's code can make are left to the server. */
export function lookupOf(entries: readonly CatalogueEntry[]): ComponentLookup {
  const made = new Map<CatalogueEntry, ComponentTraits>();
  return lookupBy(entries, (entry) => {
    const traits = made.get(entry) ?? traitsOfEntry(entry);
    made.set(entry, traits);
    return traits;
  });
}

function traitsOfEntry({ type, kind, input, output, params: schema }: CatalogueEntry): ComponentTraits {
  const object = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]);
  const params = refineOneOf(object, schema.requireOneOf ?? []);
  return { type, kind, ...(input && { input }), ...(output && { output }), schema, params };
}
