import { describe, expect, it } from 'vitest';
import { runComponent } from '#testing';
import add from './add.ts';

describe('field.add', () => {
  it('fills placeholders and keeps the type of other constants', async () => {
    const fields = [
      { field: 'data.job', value: `\${jobId}` },
      { field: 'day', value: `d-\${now:yyyy-MM-dd}` },
      { field: 'odd', value: `\${unknown}` },
      { field: 'count', value: 5 },
      { field: 'flag', value: true },
      { field: 'nothing', value: null },
      { field: 'blank', value: '' },
      { field: 'unset' },
    ];
    const { records } = await runComponent(add, { params: { fields }, records: [{ UID: 'u1' }] });
    expect(records).toEqual([
      {
        UID: 'u1',
        data: { job: '0123456789abcdef0123456789abcdef' },
        day: 'd-2024-02-29',
        odd: `\${unknown}`,
        count: 5,
        flag: true,
        nothing: null,
        blank: '',
        unset: '',
      },
    ]);
  });

  it('writes entries that lead into each other in their order', async () => {
    const fields = [
      { field: 'p.x', value: '1' },
      { field: 'p.y', value: '2' },
      { field: 'p.x', value: '3' },
    ];
    const { records } = await runComponent(add, { params: { fields }, records: [{}] });
    expect(records).toEqual([{ p: { x: '3', y: '2' } }]);
  });

  it.each([
    [
      [
        { field: 'a', value: '1' },
        { field: 'name.x', value: '2' },
      ],
    ],
    [
      [
        { field: 'a', value: '1' },
        { field: 'a.b', value: '2' },
      ],
    ],
    [[{ field: 'list.5', value: '1' }]],
  ])('leaves a record as it came when a value stands in the way: %j', async (fields) => {
    const record = { name: 'text', list: [1] };
    const { records, errors } = await runComponent(add, { params: { fields }, records: [record] });
    expect(records).toEqual([]);
    expect(errors).toEqual([
      { ...record, _errorDetails: { errorCode: 400009, errorMessage: expect.stringMatching(/^Field .* cannot be set: /) } },
    ]);
  });
});
