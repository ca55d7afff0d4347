import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { describeComponent, groupOfType, lookupOf } from './catalogue.ts';
import { defineRecordTransformer } from './component.ts';
import type { DataRecord } from './json.ts';
import { fieldPath, requireOneOf, secret } from './params.ts';
import { readParams } from './read-params.ts';
import { lookupOfComponents, traitsOf } from './traits.ts';

const component = defineRecordTransformer({
  type: 'field.sample',
  aliases: ['field.old'],
  title: 'Sample',
  summary: 'Shows every kind of parameter.',
  params: requireOneOf(
    z.object({
      select: z
        .string()
        .min(1)
        .meta({ title: 'Fields', help: 'h', formerly: ['fields'] }),
      port: z.int().min(1).max(65_535).default(22).meta({ title: 'Port', help: 'h', unit: 'number' }),
      order: z.enum(['ASC', 'DESC']).default('ASC').meta({ title: 'Order', help: 'h' }),
      level: z.enum(['5.1', '12']).default('5.1').meta({ title: 'Level', help: 'h' }),
      last: z.boolean().default(false).meta({ title: 'Last', help: 'h' }),
      rows: z
        .array(
          z.object({
            path: fieldPath().meta({ title: 'Path', help: 'h', formerly: ['field'] }),
            value: z.string().optional().meta({ title: 'Value', help: 'h' }),
            name: z.string().min(1).optional().meta({ title: 'Name', help: 'h' }),
          }),
        )
        .min(1)
        .optional()
        .meta({ title: 'Rows', help: 'h' }),
      password: secret().optional().meta({ title: 'Password', help: 'h' }),
      key: secret().optional().meta({ title: 'Key', help: 'h' }),
    }),
    ['password', 'key'],
  ),
  examples: [],
  compile: () => (record) => record,
});
const server = traitsOf(component);
const fromCatalogue = lookupOf(JSON.parse(JSON.stringify([describeComponent(component)])))('field.sample');
if (!fromCatalogue) throw new Error('The catalogue lost the component.');
const browser = fromCatalogue;
const enough = { select: 'UID', password: 'p' };

describe.each([
  { where: 'on the server', traits: server },
  { where: 'in the browser', traits: browser },
])('reading parameters $where', ({ traits }) => {
  const read = (params: DataRecord | null | undefined) => readParams(traits, params);
  const faults = (params: DataRecord) =>
    read(params).issues.map(({ code, field, message, remedy }) => [code, field, message, remedy].join(' | '));

  it('fills in defaults', () => {
    expect(read(enough)).toEqual({
      params: { select: 'UID', port: 22, order: 'ASC', level: '5.1', last: false, password: 'p' },
      issues: [],
    });
  });

  it('takes blanks alone as unset where a text must hold something', () => {
    const { params, issues } = readParams(traits, { select: '  ', key: '\t' });
    expect(params).toBeUndefined();
    expect(issues.map(({ code, field }) => [code, field])).toEqual([
      ['missing-parameter', 'params.select'],
      ['missing-parameter', 'params.password'],
    ]);
  });

  it('takes null and empty texts as unset', () => {
    expect(read({ ...enough, port: null, order: '', key: '' }).params).toEqual(read(enough).params);
  });

  it('understands texts in place of numbers and booleans, and enums in any letter case', () => {
    const { params, issues } = read({ ...enough, port: '2222', last: 'TRUE', order: 'desc', level: 12 });
    expect(issues).toEqual([]);
    expect(params).toMatchObject({ port: 2222, last: true, order: 'DESC', level: '12' });
  });

  it('knows parameters by their older names, unless the present one is set', () => {
    expect(read({ password: 'p', fields: 'UID' }).params).toMatchObject({ select: 'UID' });
    expect(read({ ...enough, fields: 'other' }).params).toMatchObject({ select: 'UID' });
    expect(read({ ...enough, rows: [{ field: 'a' }] }).params).toMatchObject({ rows: [{ path: 'a' }] });
  });

  it('keeps an empty text inside a list where it is a value, and drops it where it cannot be one', () => {
    expect(read({ ...enough, rows: [{ path: 'a', value: '', name: '' }] }).params).toMatchObject({ rows: [{ path: 'a', value: '' }] });
  });

  it('says which parameter is missing, in lists too, by the name it is stored under', () => {
    expect(faults({ password: 'p', rows: [{ path: 'a' }, {}] })).toEqual([
      'missing-parameter | params.select | Fields is not set. | Set select.',
      'missing-parameter | params.rows[1].path | Path is not set. | Set path.',
    ]);
    expect(faults({ password: 'p', fields: [] })).toEqual(['invalid-parameter | params.fields | Fields must be a text. | Give a text.']);
  });

  it('says which of several parameters is needed, even when others are wrong', () => {
    expect(faults({ port: 0 })).toEqual([
      'missing-parameter | params.select | Fields is not set. | Set select.',
      'invalid-parameter | params.port | Port is too small. | Give a number of at least 1.',
      'missing-parameter | params.password | One of password, key is needed. | Set one of them.',
    ]);
  });

  it('says what a value must be, and never repeats it', () => {
    const issues = faults({ ...enough, port: 'twenty-two', order: 'sideways', last: 'perhaps', rows: [] });
    expect(issues).toEqual([
      'invalid-parameter | params.port | Port must be a whole number. | Give a whole number.',
      'invalid-parameter | params.order | Order is none of the values it can have. | Use one of ASC, DESC.',
      'invalid-parameter | params.last | Last must be true or false. | Give true or false.',
      'invalid-parameter | params.rows | Rows is too small. | Give at least 1 entry.',
    ]);
    expect(issues.join()).not.toMatch(/twenty|sideways|perhaps/);
  });

  it('warns of parameters it does not know and goes on', () => {
    const { params, issues } = read({ ...enough, selekt: 'x', rows: [{ path: 'a', colour: 'red' }] });
    expect(params).toBeDefined();
    expect(issues.map(({ severity, code, field }) => [severity, code, field])).toEqual([
      ['warning', 'unknown-parameter', 'params.selekt'],
      ['warning', 'unknown-parameter', 'params.rows[0].colour'],
    ]);
  });

  it('takes absent params like empty ones, and __proto__ as an unknown name', () => {
    expect(read(undefined)).toEqual(read({}));
    expect(read(null)).toEqual(read({}));
    expect(faults({ ...enough, ...JSON.parse('{"__proto__":{"port":1}}') })).toHaveLength(1);
  });
});

describe('the catalogue', () => {
  it('carries everything a parameter says about itself', () => {
    const entry = describeComponent(component);
    expect(entry).toMatchObject({
      type: 'field.sample',
      group: 'Transformers',
      subgroup: 'field',
      kind: 'record-transformer',
      connects: false,
    });
    expect(entry).toMatchObject({ input: 'records', output: 'records', aliases: ['field.old'] });
    expect(entry.params.requireOneOf).toEqual([['password', 'key']]);
    expect(entry.params.required).toEqual(['select']);
    expect(entry.params.properties?.password).toMatchObject({ secret: true, title: 'Password' });
    expect(entry.params.properties?.port).toMatchObject({ default: 22, unit: 'number', minimum: 1 });
    expect(entry.params.properties?.rows?.items?.properties?.path).toMatchObject({ fieldPath: true, formerly: ['field'] });
  });

  it('finds components by id and alias in both worlds', () => {
    for (const lookup of [lookupOf([describeComponent(component)]), lookupOfComponents([component])]) {
      expect(lookup(' FIELD.Old ')?.type).toBe('field.sample');
      expect(lookup('field.other')).toBeUndefined();
      expect(lookup.types).toEqual(['field.sample']);
    }
  });

  it('finds a place in the palette for components that are not built', () => {
    expect(groupOfType('datasource.read.marketo')).toEqual({ group: 'Readers' });
    expect(groupOfType('datasource.lookup.gender')).toEqual({ group: 'Lookups' });
    expect(groupOfType('datasource.write.bluekai')).toEqual({ group: 'Writers' });
    expect(groupOfType('record.evaluate')).toEqual({ group: 'Transformers', subgroup: 'record' });
    expect(groupOfType('something.else')).toEqual({ group: 'Transformers' });
  });
});
