import { describe, expect, it } from 'vitest';
import { type DataRecord, readParams, traitsOf } from '#dataflow';
import { runComponent } from '#testing';
import format from './format.ts';

const run = (entry: DataRecord, records: DataRecord[]) =>
  runComponent(format, { params: { fields: [{ field: 'd', targetFormat: 'iso', ...entry }] }, records });
const value = async (entry: DataRecord, d: DataRecord[string]) => (await run(entry, [{ d }])).records[0]?.d;

describe('field.date.format', () => {
  it.each<[DataRecord, DataRecord[string], DataRecord[string]]>([
    [{}, '2024-02-29', '2024-02-29T00:00:00.000Z'],
    [{ timezone: 'Europe/Berlin' }, '2024-07-01', '2024-07-01T00:00:00.000+02:00'],
    [{ timezone: 'UTC', sourceTimezone: 'America/New_York' }, '2024-07-01 08:00', '2024-07-01T12:00:00.000Z'],
    [{ sourceFormat: 'unix' }, 1709210096, '2024-02-29T12:34:56.000Z'],
    [{ sourceFormat: 'Unix' }, '1709210096', '2024-02-29T12:34:56.000Z'],
    [{ sourceFormat: 'millis', targetFormat: 'unix' }, 1709210096789, 1709210096],
    [{ targetFormat: 'millis' }, '1969-12-31T23:59:59.999Z', -1],
    [{ sourceFormat: ['dd.MM.yyyy', 'iso', 'millis'], targetFormat: 'yyMMdd' }, 1709210096789, '240229'],
    [{ targetFormat: "EEEE 'the' d" }, ' 2024-02-29 ', 'Thursday the 29'],
    [{}, '', ''],
    [{}, null, null],
  ])('%j of %j', async (entry, d, written) => {
    expect(await value(entry, d)).toBe(written);
  });

  it.each<[DataRecord[string], string]>([
    ['29.02.2024', '"29.02.2024", which is no date of the formats iso, yyyyMMdd.'],
    [true, 'true, which is no date'],
    [[1], 'a list, which is no date'],
    ['x'.repeat(5000), `"${'x'.repeat(59)}, which is no date`],
  ])('sends %j to the error path', async (d, message) => {
    const fields = [
      { field: 'other', targetFormat: 'unix' },
      { field: 'd', sourceFormat: ['iso', 'yyyyMMdd'], targetFormat: 'unix' },
    ];
    const { records, errors } = await runComponent(format, { params: { fields }, records: [{ other: '2024-02-29', d }] });
    expect(records).toEqual([]);
    expect(errors).toEqual([
      { other: '2024-02-29', d, _errorDetails: { errorCode: 400009, errorMessage: expect.stringContaining(`Field d holds ${message}`) } },
    ]);
  });

  it('changes nested fields, and leaves records without them', async () => {
    const { records } = await run({ field: 'data.when', targetFormat: 'yyyy' }, [{ data: { when: '2024-02-29' } }, { data: 1 }, {}]);
    expect(records).toEqual([{ data: { when: '2024' } }, { data: 1 }, {}]);
  });

  it.each([
    [{ targetFormat: 'yyyy-QQ' }, 'params.fields[0].targetFormat', 'Q in the date pattern yyyy-QQ is not a date letter'],
    [{ targetFormat: "yyyy 'o" }, 'params.fields[0].targetFormat', 'is not closed'],
    [{ timezone: 'Europe/Bonn' }, 'params.fields[0].timezone', 'Europe/Bonn is not a time zone. Use a name such as Europe/Berlin'],
    [{ targetFormat: '' }, 'params.fields[0].targetFormat', 'Target format is not set.'],
  ])('refuses %j', (entry, field, message) => {
    const { issues } = readParams(traitsOf(format), { fields: [{ field: 'd', targetFormat: 'iso', ...entry }] });
    expect(issues).toMatchObject([{ severity: 'error', field }]);
    expect(issues[0]?.message).toContain(message);
  });

  it('refuses a source format that is no pattern, alone or in a list', () => {
    for (const sourceFormat of ['yyyy-QQ', ['iso', 'yyyy-QQ']]) {
      const { issues } = readParams(traitsOf(format), { fields: [{ field: 'd', targetFormat: 'iso', sourceFormat }] });
      expect(issues.map(({ field, severity }) => [field?.startsWith('params.fields[0].sourceFormat'), severity])).toEqual([
        [true, 'error'],
      ]);
    }
  });
});
