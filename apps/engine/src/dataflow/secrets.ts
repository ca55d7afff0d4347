import type { DataflowDocument, Step } from './document.ts';
import { put } from './field-path.ts';
import type { DataRecord, Json } from './json.ts';
import { type JSONSchema, propertyNamed } from './json-schema.ts';
import type { ComponentLookup } from './traits.ts';

/** What a stored secret reads back as. */
export const MASK = '********';

/** Called with each secret that is set, its step's id and its path inside the params; returns what stands there instead. */
export type SecretMap = (value: string, step: string, param: string) => string;

const secretName = /(?:password|passphrase|secret|privatekey|secretkey|accountkey|connectionstring|token)$/i;

/**
 * Replaces every secret of a document; the one walk that masking, encryption and collecting are built on. Secrets are the parameters whose
 * component says so, and, where no component says anything, those whose name does. The document given is not changed.
 */
export function mapSecrets(document: DataflowDocument, lookup: ComponentLookup, map: SecretMap): DataflowDocument {
  return { ...document, steps: document.steps.map((step) => mapStep(step, lookup, map)) };
}

/** The document as it may be shown: every secret that is set reads {@link MASK}. */
export const maskSecrets = (document: DataflowDocument, lookup: ComponentLookup): DataflowDocument =>
  mapSecrets(document, lookup, () => MASK);

/**
 * The next version of a document in which a mask means "unchanged": it becomes the secret of the step with the same id. A step that was
 * renamed is recognised when it is the only one of its type that disappeared. A mask without a stored secret stays, for `checkMasks` to find.
 */
export function keepMasked(next: DataflowDocument, stored: DataflowDocument, lookup: ComponentLookup): DataflowDocument {
  const secrets = new Map<string, string>();
  mapSecrets(stored, lookup, (value, step, param) => {
    secrets.set(JSON.stringify([step, param]), value);
    return value;
  });
  const storedId = (id: string) => (stored.steps.some((step) => step.id === id) ? id : formerId(id, next, stored));
  return mapSecrets(next, lookup, (value, step, param) =>
    value === MASK ? (secrets.get(JSON.stringify([storedId(step), param])) ?? MASK) : value,
  );
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

function mapStep(step: Step, lookup: ComponentLookup, map: SecretMap): Step {
  if (!step.params) return step;
  const ofGigya = /\.gigya\./i.test(step.type);
  const isSecret = (name: string, schema: JSONSchema | undefined) =>
    schema?.secret ?? (schema === undefined && (secretName.test(name) || (!ofGigya && /^apikey$/i.test(name))));

  const walk = (value: Json, schema: JSONSchema | undefined, path: string, secret: boolean): Json => {
    if (Array.isArray(value)) return value.map((item, i) => walk(item, schema?.items, `${path}[${i}]`, secret));
    if (typeof value === 'object' && value !== null) return object(value, schema, path, secret);
    return secret && value !== null && value !== '' ? map(String(value), step.id, path) : value;
  };
  const object = (value: DataRecord, schema: JSONSchema | undefined, path: string, secret: boolean): DataRecord => {
    const mapped: DataRecord = {};
    for (const [name, inner] of Object.entries(value)) {
      const known = propertyNamed(schema, name);
      const at = path === '' ? (known?.name ?? name) : `${path}.${known?.name ?? name}`;
      put(mapped, name, walk(inner, known?.schema, at, secret || isSecret(name, known?.schema)));
    }
    return mapped;
  };
  return { ...step, params: object(step.params, lookup(step.type)?.schema, '', false) };
}
