import type { DataRecord, JSONSchema, Json } from '@idsync/engine/dataflow';

export type FieldKind =
  | 'text'
  | 'long-text'
  | 'secret'
  | 'long-secret'
  | 'number'
  | 'switch'
  | 'select'
  | 'strings'
  | 'tags'
  | 'table'
  | 'object'
  | 'pairs'
  | 'script'
  | 'json';

/** One input of a form, read out of a parameter's schema. */
export interface FormField {
  name: string;
  kind: FieldKind;
  title: string;
  help: string | undefined;
  required: boolean;
  /** Titles of the parameters of which one at least is needed together with this one. */
  orElse: readonly string[];
  /** Set, though it is of no use with what stands beside it. */
  idle?: boolean;
  schema: JSONSchema;
  options: readonly string[];
  /** Inputs inside: the columns of a table, the members of an object. */
  inner: readonly FormField[];
}

/** The inputs of a parameter object, in the order of its schema. */
export function fieldsOf(schema: JSONSchema | undefined): FormField[] {
  const groups = schema?.requireOneOf ?? [];
  const titleOf = (name: string) => schema?.properties?.[name]?.title ?? name;
  return Object.entries(schema?.properties ?? {}).map(([name, property]) => {
    const orElse = groups.filter((group) => group.includes(name)).flatMap((group) => group.filter((other) => other !== name).map(titleOf));
    return fieldOf(name, property, { required: schema?.required?.includes(name) ?? false, orElse });
  });
}

function fieldOf(name: string, schema: JSONSchema, { required, orElse }: { required: boolean; orElse: readonly string[] }): FormField {
  const kind = kindOf(schema);
  const inner = kind === 'table' ? fieldsOf(schema.items) : kind === 'object' ? fieldsOf(schema) : [];
  return { name, kind, title: schema.title ?? name, help: schema.help, required, orElse, schema, options: optionsOf(schema), inner };
}

const optionsOf = (schema: JSONSchema): string[] => (schema.enum ?? constantsOf(schema) ?? []).map(String);

/** `anyOf` of constants is a list of choices said in another way. */
function constantsOf(schema: JSONSchema): Json[] | undefined {
  const options = schema.anyOf ?? schema.oneOf;
  if (!options?.every((option) => option.const !== undefined)) return undefined;
  return options.flatMap((option) => (option.const === undefined ? [] : [option.const]));
}

function kindOf(schema: JSONSchema): FieldKind {
  const types = typesOf(schema);
  if (schema.secret) return schema.multiline ? 'long-secret' : 'secret';
  if (schema.language === 'javascript') return 'script';
  if (optionsOf(schema).length > 0) return 'select';
  if (types.has('array')) return listKindOf(schema, types);
  if (types.has('object')) return schema.properties ? 'object' : pairsOf(schema) ? 'pairs' : 'json';
  if (types.has('string')) return schema.multiline || isQuery(schema) ? 'long-text' : 'text';
  if (types.has('number') || types.has('integer')) return 'number';
  return types.has('boolean') ? 'switch' : 'json';
}

/** Texts and numbers without names are tags where one text with commas is a list too. */
function listKindOf(schema: JSONSchema, types: ReadonlySet<string>): FieldKind {
  if (schema.items?.properties) return 'table';
  const items = typesOf(itemsOf(schema));
  if (items.has('integer') || items.has('number')) return 'tags';
  return items.has('string') ? (types.has('string') ? 'tags' : 'strings') : 'json';
}

/** What a list holds, also when the list is one of several choices. */
export const itemsOf = (schema: JSONSchema): JSONSchema =>
  schema.items ?? [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].find((option) => option.items)?.items ?? {};

const isQuery = ({ language }: JSONSchema): boolean => language === 'gigya-query' || language === 'jexl';

const pairsOf = ({ additionalProperties }: JSONSchema): boolean =>
  typeof additionalProperties === 'object' && typesOf(additionalProperties).has('string');

function typesOf(schema: JSONSchema): Set<string> {
  const own = schema.type === undefined ? [] : [schema.type].flat();
  return new Set([...own, ...[...(schema.anyOf ?? []), ...(schema.oneOf ?? [])].flatMap((option) => [...typesOf(option)])]);
}

/** The name a parameter stands under in these params: its own, or an older one that stored flows still use. */
export function storedName(field: FormField, params: DataRecord): string {
  if (Object.hasOwn(params, field.name)) return field.name;
  return field.schema.formerly?.find((name) => Object.hasOwn(params, name)) ?? field.name;
}

/** The inputs that have a use with these params; one that has none is kept, marked idle, as long as it holds a value. */
export function fieldsInUse(fields: readonly FormField[], params: DataRecord): FormField[] {
  const chosen = (name: string) => {
    const beside = fields.find((field) => field.name === name);
    const given = beside && params[storedName(beside, params)];
    return String(given === undefined || given === '' ? beside?.schema.default : given).toLowerCase();
  };
  return fields.flatMap((field) => {
    const conditions = Object.entries(field.schema.onlyWith ?? {});
    if (conditions.every(([name, values]) => values.some((value) => value.toLowerCase() === chosen(name)))) return [field];
    return Object.hasOwn(params, storedName(field, params)) ? [{ ...field, idle: true }] : [];
  });
}

/** The params with one value set, or taken away when it is undefined; other keys keep their place. */
export function withParam(params: DataRecord, name: string, value: Json | undefined): DataRecord {
  if (value !== undefined) return { ...params, [name]: value };
  const { [name]: _gone, ...rest } = params;
  return rest;
}

/** Names in the params that no input of the form shows. */
export function unknownParams(fields: readonly FormField[], params: DataRecord): string[] {
  const known = new Set(fields.flatMap((field) => [field.name, ...(field.schema.formerly ?? [])]));
  return Object.keys(params).filter((name) => !known.has(name));
}

/** What an empty input shows: what counts when it stays empty, or an example. */
export function placeholderOf(field: FormField): string | undefined {
  const example = field.schema.examples?.find((text) => text !== '');
  return defaultText(field) ?? (example === undefined ? undefined : `e.g. ${example}`);
}

/** How a default is shown as a placeholder. */
export function defaultText({ schema }: FormField): string | undefined {
  const value = schema.default;
  if (value === undefined || value === null || value === '') return undefined;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
