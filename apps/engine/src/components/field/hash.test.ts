import { createHash, createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type DataRecord, readParams, traitsOf } from '#dataflow';
import { runComponent } from '#testing';
import hash from './hash.ts';

const run = (params: DataRecord, records: DataRecord[]) => runComponent(hash, { params: { fields: ['v'], ...params }, records });
const value = async (params: DataRecord, v: DataRecord[string]) => (await run(params, [{ v }])).records[0]?.v;
const sha = (text: string) => createHash('sha256').update(text).digest('hex');

describe('field.hash', () => {
  it.each<[DataRecord, DataRecord[string], DataRecord[string]]>([
    [{}, 'é', sha('é')],
    [{}, 17, sha('17')],
    [{}, true, sha('true')],
    [{}, ['a', '', null], [sha('a'), '', null]],
    [{}, '', ''],
    [{}, null, null],
    [{ normalize: 'trim' }, ' A ', sha('A')],
    [{ normalize: 'lowercase' }, ' A@B.C ', sha('a@b.c')],
    [{ normalize: 'lowercase' }, '  ', ''],
    [{ normalize: 'digits' }, '+49 (30) 12', sha('493012')],
    [{ algorithm: 'md5', encoding: 'base64' }, 'a', createHash('md5').update('a').digest('base64')],
    [{ algorithm: 'sha512' }, 'a', createHash('sha512').update('a').digest('hex')],
    [{ salt: 's' }, 'a', createHmac('sha256', 's').update('a').digest('hex')],
    [{ salt: 's', saltUse: 'before' }, 'a', sha('sa')],
    [{ salt: 's', saltUse: 'after' }, 'a', sha('as')],
  ])('%j of %j', async (params, v, hashed) => {
    expect(await value(params, v)).toEqual(hashed);
  });

  it('lets no object pass unhashed, and leaves the record as it came', async () => {
    const { records, errors } = await run({ fields: ['a', 'v'] }, [{ a: 'x', v: { email: 'e' } }]);
    expect(records).toEqual([]);
    expect(errors).toEqual([
      {
        a: 'x',
        v: { email: 'e' },
        _errorDetails: {
          errorCode: 400009,
          errorMessage: 'Field v holds an object, which has no hash. Name the member that is meant, such as v.email.',
        },
      },
    ]);
  });

  it.each([
    [{ algorithm: 'sha3' }, 'params.algorithm', 'Use one of sha256, sha512, sha1, md5.'],
    [{ fields: [] }, 'params.fields', 'Give at least 1 entry.'],
  ])('refuses %j', (params, field, remedy) => {
    expect(readParams(traitsOf(hash), { fields: ['v'], ...params }).issues).toMatchObject([{ field, remedy }]);
  });
});
