import { describe, expect, it } from 'vitest';
import { type DataRecord, readParams, traitsOf } from '#dataflow';
import { runComponent } from '#testing';
import replace from './replace.ts';

const run = (fields: DataRecord[], records: DataRecord[]) => runComponent(replace, { params: { fields }, records });

describe('field.replace', () => {
  it('applies entries in order, nested fields, lists and names with dots among them', async () => {
    const fields = [
      { field: 'profile.phone', regex: '[^0-9+]', replacement: '' },
      { field: 'profile.phone', regex: '^00', replacement: '+' },
      { field: "'a.b'", regex: 'x', replacement: 'y' },
      { field: 'tags', regex: '\\s', replacement: '_' },
      { field: 'missing', regex: 'x' },
    ];
    const { records } = await run(fields, [{ profile: { phone: '0049 (30) 12' }, 'a.b': 'x', tags: ['a b', 7, { c: 'd e' }], count: 12 }]);
    expect(records).toEqual([{ profile: { phone: '+493012' }, 'a.b': 'y', tags: ['a_b', 7, { c: 'd_e' }], count: 12 }]);
  });

  it('changes every field for *, but no names, numbers, booleans or nulls', async () => {
    const record: DataRecord = JSON.parse('{"a1":"a1","n":1,"b":true,"z":null,"__proto__":"p1","o":{"a1":["1"]}}') as DataRecord;
    const { records } = await run([{ field: '*', regex: '[0-9]', replacement: '#' }], [record]);
    expect(JSON.stringify(records[0])).toBe('{"a1":"a#","n":1,"b":true,"z":null,"__proto__":"p#","o":{"a1":["#"]}}');
  });

  it.each([
    ['(\\w+), (\\w+)', '$2-$1', 'Ann-Berg'],
    ['\\w+, (?<first>\\w+)', '${first}!', 'Ann!'],
    [', .*', '\\$1', 'Berg$1'],
    ['^.', '$0$0', 'BBerg, Ann'],
    ['(x)?, ', '<$1>', 'Berg<>Ann'],
    ['(?i)ANN|berg', '', ', '],
  ])('replaces %s by %s', async (regex, replacement, name) => {
    expect((await run([{ field: 'name', regex, replacement }], [{ name: 'Berg, Ann' }])).records).toEqual([{ name }]);
  });

  it('leaves a record as it came when a later entry fails', async () => {
    const long = `${'a'.repeat(100_000)}`;
    const fields = [
      { field: 'short', regex: 'x', replacement: 'y' },
      { field: 'deep.long', regex: '(?=.*\\d).*z', replacement: '' },
    ];
    const record = { short: 'x', deep: { long } };
    const { records, errors } = await run(fields, [record, { short: 'x', deep: { long: '1z' } }]);
    expect(records).toEqual([{ short: 'y', deep: { long: '' } }]);
    expect(errors).toMatchObject([{ ...record, _errorDetails: { errorCode: 400124 } }]);
  });

  it('ends in good time whatever the expression, on a field of ten million characters too', { timeout: 60_000 }, async () => {
    const attack = [{ field: 'a', regex: '(a+)+$', replacement: '' }];
    expect((await run(attack, [{ a: `${'a'.repeat(50_000)}!` }])).records).toHaveLength(1);
    const { records } = await run([{ field: 'a', regex: '[^0-9+]', replacement: '' }], [{ a: '1-'.repeat(5_000_000) }]);
    expect(records[0]?.a).toBe('1'.repeat(5_000_000));
  });

  it('keeps halves of surrogate pairs that it does not match', async () => {
    expect((await run([{ field: 'a', regex: 'x', replacement: 'y' }], [{ a: '\ud83dx\ude00' }])).records).toEqual([{ a: '\ud83dy\ude00' }]);
    expect((await run([{ field: 'a', regex: '[^x]', replacement: '.' }], [{ a: 'x😀\ud83d' }])).records).toEqual([{ a: 'x..' }]);
  });

  it.each([
    [{ field: 'a', regex: '*.csv' }, 'params.fields[0].regex', 'There is nothing before * to repeat at character 1 of the expression.'],
    [{ field: 'a', regex: 'a++' }, 'params.fields[0].regex', 'The possessive ++ of Java is not supported at character 2'],
    [{ field: 'a', regex: '(?=(a+)+$)' }, 'params.fields[0].regex', 'The expression repeats a part that can match in several ways'],
    [
      { field: 'a', regex: 'a', replacement: '$1' },
      'params.fields[0].replacement',
      'The replacement asks for group 1, but the expression has no group.',
    ],
    [{ field: 'a' }, 'params.fields[0].regex', 'Expression is not set.'],
    [{ regex: 'a' }, 'params.fields[0].field', 'Field is not set.'],
  ])('refuses %j', (entry, field, message) => {
    const { issues } = readParams(traitsOf(replace), { fields: [entry] });
    expect(issues).toMatchObject([{ severity: 'error', field }]);
    expect(issues[0]?.message).toContain(message);
  });
});
