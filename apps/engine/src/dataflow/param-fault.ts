import type { z } from 'zod';
import type { Issue } from './issue.ts';
import type { Json } from './json.ts';
import type { JSONSchema } from './json-schema.ts';
import type { TidyParams } from './tidy-params.ts';

/** A fault that a schema found, as an issue in the product's words. Never repeats the value, which may be a secret. */
export function describeFault(fault: z.core.$ZodIssue, root: JSONSchema, tidy: TidyParams): Issue {
  const names = fault.path.map((part) => (typeof part === 'number' ? part : String(part)));
  const schema = schemaAt(root, names);
  const label = schema?.title ?? names.findLast((name) => typeof name === 'string') ?? 'Parameters';
  const field = fieldOf(names, tidy.storedAs);
  if (valueAt(tidy.params, names) !== undefined || names.length === 0) {
    const { message, remedy } = wording(fault, label, schema);
    return { severity: 'error', code: 'invalid-parameter', field, message, remedy };
  }
  const group = fault.code === 'custom' ? (fault.params?.requireOneOf as string[] | undefined) : undefined;
  return {
    severity: 'error',
    code: 'missing-parameter',
    field,
    message: group ? `One of ${group.join(', ')} is needed.` : `${label} is not set.`,
    remedy: group ? 'Set one of them.' : `Set ${names.at(-1) ?? 'it'}.`,
  };
}

type Names = readonly (string | number)[];

function schemaAt(root: JSONSchema, names: Names): JSONSchema | undefined {
  return names.reduce<JSONSchema | undefined>((at, name) => (typeof name === 'number' ? at?.items : at?.properties?.[name]), root);
}

function valueAt(params: Json, names: Names): Json | undefined {
  return names.reduce<Json | undefined>((at, name) => {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, name)) return undefined;
    return (at as Record<string | number, Json>)[name];
  }, params);
}

function fieldOf(names: Names, storedAs: ReadonlyMap<string, string>): string {
  let path = '';
  let field = 'params';
  for (const name of names) {
    if (typeof name === 'number') {
      path += `[${name}]`;
      field += `[${name}]`;
    } else {
      path = path === '' ? name : `${path}.${name}`;
      field += `.${storedAs.get(path) ?? name}`;
    }
  }
  return field;
}

const kinds: Record<string, string> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};

function wording(fault: z.core.$ZodIssue, label: string, schema: JSONSchema | undefined): { message: string; remedy: string } {
  switch (fault.code) {
    case 'invalid_type': {
      const expected = schema?.type === 'integer' ? 'int' : fault.expected;
      const kind = kinds[expected] ?? expected;
      return { message: `${label} must be ${kind}.`, remedy: `Give ${kind}.` };
    }
    case 'too_small':
      return { message: `${label} is too small.`, remedy: `Give ${amount(fault.origin, 'at least', fault.minimum)}.` };
    case 'too_big':
      return { message: `${label} is too large.`, remedy: `Give ${amount(fault.origin, 'at most', fault.maximum)}.` };
    case 'invalid_value': {
      const options = fault.values.map(String).join(', ');
      return { message: `${label} is none of the values it can have.`, remedy: `Use one of ${options}.` };
    }
    case 'custom':
      return { message: mentions(fault.message, label) ? fault.message : `${label}: ${fault.message}`, remedy: `Change ${label}.` };
    default:
      return { message: `${label} has the wrong form: ${fault.message}.`, remedy: `Correct ${label}.` };
  }
}

const mentions = (text: string, label: string) => text.toLowerCase().includes(label.toLowerCase());

function amount(origin: string, bound: string, limit: number | bigint): string {
  if (origin === 'string') return `${bound} ${limit} character${limit === 1 ? '' : 's'}`;
  if (origin === 'array') return `${bound} ${limit} ${limit === 1 ? 'entry' : 'entries'}`;
  return `a number of ${bound} ${limit}`;
}
