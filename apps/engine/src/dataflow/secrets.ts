import type { DataflowDocument, Step } from './document.ts';
import { put } from './field-path.ts';
import { type DataRecord, isDataRecord, type Json } from './json.ts';
import { type JSONSchema, propertyNamed } from './json-schema.ts';
import type { ComponentLookup } from './traits.ts';

/** What a stored secret reads back as. */
export const MASK = '********';

/** Where a secret stands. */
export interface SecretPlace {
  /** Path inside the params, as issues write it: `doors[0].pin`. */
  param: string;
  /** The same, with entries of a list by their `name`, so that it holds when entries come, go or move: `doors[front].pin`. */
  slot: string;
}

/** Called with each secret that is set, its step and its place; returns what stands there instead. */
export type SecretMap = (value: string, step: Step, place: SecretPlace) => string;

const secretName = /(?:password|passphrase|secret|privatekey|secretkey|accountkey|connectionstring|token|authorization|cookie)$/i;
/** Entries of a list such as HTTP headers: `{"name": "Authorization", "value": "…"}`. */
const secretHeader = /authorization|cookie|api-?key|token|secret|password/i;
const urlWithPassword = /^[a-z][a-z0-9+.-]*:\/\/[^\s/?#]*:[^\s/?#@]*@/i;

/**
 * Replaces every secret of a document; the one walk that masking, encryption and collecting are built on. Secrets are the parameters whose
 * component says so, and, where no component says anything, those whose name does; also the `value` beside a `name` such as
 * `Authorization`, and any address with a password in it. The document given is not changed.
 */
export function mapSecrets(document: DataflowDocument, lookup: ComponentLookup, map: SecretMap): DataflowDocument {
  return { ...document, steps: document.steps.map((step) => mapStep(step, lookup, map)) };
}

/** The document as it may be shown: every secret that is set reads {@link MASK}. */
export const maskSecrets = (document: DataflowDocument, lookup: ComponentLookup): DataflowDocument =>
  mapSecrets(document, lookup, () => MASK);

function mapStep(step: Step, lookup: ComponentLookup, map: SecretMap): Step {
  if (!step.params) return step;
  const ofGigya = /\.gigya\./i.test(step.type);
  const isSecret = (name: string, schema: JSONSchema | undefined) =>
    schema?.secret ?? (schema === undefined && (secretName.test(name) || (!ofGigya && /^apikey$/i.test(name))));

  const walk = (value: Json, schema: JSONSchema | undefined, place: SecretPlace, secret: boolean): Json => {
    if (Array.isArray(value)) return list(value, schema, place, secret);
    if (typeof value === 'object' && value !== null) return object(value, schema, place, secret);
    const hidden = secret || (typeof value === 'string' && urlWithPassword.test(value));
    return hidden && value !== null && value !== '' ? map(String(value), step, place) : value;
  };
  const list = (values: Json[], schema: JSONSchema | undefined, { param, slot }: SecretPlace, secret: boolean): Json[] => {
    const names = namesOf(values);
    return values.map((item, i) => walk(item, schema?.items, { param: `${param}[${i}]`, slot: `${slot}[${names?.[i] ?? i}]` }, secret));
  };
  const object = (value: DataRecord, schema: JSONSchema | undefined, at: SecretPlace | undefined, secret: boolean): DataRecord => {
    const mapped: DataRecord = {};
    const header = typeof value.name === 'string' && secretHeader.test(value.name);
    for (const [name, inner] of Object.entries(value)) {
      const known = propertyNamed(schema, name);
      const param = known?.name ?? name;
      const place = at ? { param: `${at.param}.${param}`, slot: `${at.slot}.${param}` } : { param, slot: param };
      put(mapped, name, walk(inner, known?.schema, place, secret || isSecret(name, known?.schema) || (header && name === 'value')));
    }
    return mapped;
  };
  return { ...step, params: object(step.params, lookup(step.type)?.schema, undefined, false) };
}

/** The entries' names, when all have one and no two the same. */
function namesOf(entries: readonly Json[]): string[] | undefined {
  const names = entries.map((entry) => (isDataRecord(entry) ? entry.name : undefined));
  return names.every((name) => typeof name === 'string') && new Set(names).size === names.length ? names : undefined;
}
