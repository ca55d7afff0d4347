import type { JSONSchema } from '@idsync/engine/dataflow';
import { expect, test } from 'vitest';
import { catalogue } from '../../document/catalogue.ts';
import { defaultText, type FieldKind, fieldsOf, storedName, unknownParams, withParam } from './form-model.ts';

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
