import type { DataRecord, JSONSchema } from '@idsync/engine/dataflow';
import { expect, test } from 'vitest';
import { catalogue } from '../../document/catalogue.ts';
import {
  defaultText,
  type FieldKind,
  type FormField,
  fieldsInUse,
  fieldsOf,
  placeholderOf,
  storedName,
  unknownParams,
  withParam,
} from './form-model.ts';

const only = (schema: JSONSchema) => {
  const [field] = fieldsOf({ type: 'object', properties: { it: schema } });
  if (!field) throw new Error('The schema gave no input.');
  return field;
};

test.each<[JSONSchema, FieldKind]>([
  [{ type: 'string' }, 'text'],
  [{ type: 'string', language: 'jexl' }, 'long-text'],
  [{ type: 'string', language: 'javascript', base64: true }, 'script'],
  [{ type: 'string', secret: true }, 'secret'],
  [{ type: 'string', enum: ['a', 'b'] }, 'select'],
  [{ anyOf: [{ const: 'a' }, { const: 'b' }] }, 'select'],
  [{ type: 'integer' }, 'number'],
  [{ type: 'boolean' }, 'switch'],
  [{ type: 'array', items: { type: 'string' } }, 'strings'],
  [{ type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } }, 'table'],
  [{ type: 'object', properties: { a: { type: 'string' } } }, 'object'],
  [{ type: 'object', additionalProperties: { type: 'string' } }, 'pairs'],
  [{ anyOf: [{ type: 'string' }, { type: 'number' }] }, 'text'],
  [{ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, 'tags'],
  [{ type: 'array', items: { type: 'integer' } }, 'tags'],
  [{ type: 'string', multiline: true }, 'long-text'],
  [{ type: 'string', secret: true, multiline: true }, 'long-secret'],
  [{}, 'json'],
])('%j is edited as %s', (schema, kind) => {
  expect(only(schema).kind).toBe(kind);
});

test('required and either-or parameters are marked', () => {
  const fields = fieldsOf({
    type: 'object',
    required: ['host'],
    requireOneOf: [['password', 'privateKey']],
    properties: { host: {}, password: { title: 'Password', secret: true }, privateKey: { title: 'Private key', secret: true } },
  });
  expect(fields.map((field) => [field.required, field.orElse])).toEqual([
    [true, []],
    [false, ['Private key']],
    [false, ['Password']],
  ]);
});

test('inputs of use with another kind only are left out, unless they hold something', () => {
  const fields = fieldsOf({
    type: 'object',
    properties: {
      type: { enum: ['none', 'basic', 'bearer'], default: 'none' },
      username: { type: 'string', onlyWith: { type: ['basic'] } },
      token: { type: 'string', onlyWith: { type: ['bearer'] } },
    },
  });
  const names = (params: DataRecord) => fieldsInUse(fields, params).map(({ name, idle }) => (idle ? `${name}, idle` : name));
  expect(names({})).toEqual(['type']);
  expect(names({ type: 'Basic' })).toEqual(['type', 'username']);
  expect(names({ type: '' })).toEqual(['type']);
  expect(names({ type: 'bearer', username: 'etl' })).toEqual(['type', 'username, idle', 'token']);
});

test.each(catalogue.map((entry) => [entry.type, entry] as const))(
  'no input of %s waits for a parameter that is not there',
  (_type, entry) => {
    const check = (fields: readonly FormField[]) => {
      for (const field of fields) {
        for (const [name, values] of Object.entries(field.schema.onlyWith ?? {})) {
          expect(fields.find((other) => other.name === name)?.options).toEqual(expect.arrayContaining(values));
        }
        check(field.inner);
      }
    };
    check(fieldsOf(entry.params));
  },
);

test('an empty input shows its default, else an example', () => {
  expect(placeholderOf(only({ type: 'integer', default: 22, examples: [2222] }))).toBe('22');
  expect(placeholderOf(only({ type: 'string', examples: ['', 'x'] }))).toBe('e.g. x');
  expect(placeholderOf(only({ type: 'string', examples: [''] }))).toBeUndefined();
});

test('a parameter stored under an older name is shown and changed there', () => {
  const field = only({ type: 'string', formerly: ['older'] });
  expect(storedName(field, { older: 'x' })).toBe('older');
  expect(storedName(field, { it: 'y', older: 'x' })).toBe('it');
  expect(storedName(field, {})).toBe('it');
  expect(unknownParams([field], { older: 'x', foreign: 1 })).toEqual(['foreign']);
});

test('a changed parameter keeps its place among the keys, an unset one is gone', () => {
  expect(Object.keys(withParam({ a: 1, b: 2, c: 3 }, 'b', 4))).toEqual(['a', 'b', 'c']);
  expect(withParam({ a: 1, b: 2 }, 'b', undefined)).toEqual({ a: 1 });
});

test('defaults are shown as text', () => {
  expect(defaultText(only({ type: 'integer', default: 22 }))).toBe('22');
  expect(defaultText(only({ type: 'string', default: '' }))).toBeUndefined();
  expect(defaultText(only({ type: 'string' }))).toBeUndefined();
});

test.each(catalogue.map((entry) => [entry.type, entry] as const))(
  '%s has an input for each parameter, each with a title',
  (_type, entry) => {
    const fields = fieldsOf(entry.params);
    expect(fields.map((field) => field.name)).toEqual(Object.keys(entry.params.properties ?? {}));
    expect(fields.filter((field) => field.title === field.name && field.help === undefined)).toEqual([]);
  },
);
