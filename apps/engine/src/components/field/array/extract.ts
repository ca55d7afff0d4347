import { createHash } from 'node:crypto';
import { z } from 'zod';
import {
  Batch,
  compileGet,
  compileSet,
  copyRecord,
  type DataRecord,
  defineBatchTransformer,
  fieldPath,
  isDataRecord,
  type Json,
  put,
  RecordError,
} from '#dataflow';

export default defineBatchTransformer({
  type: 'field.array.extract',
  title: 'Extract a list',
  summary: 'Makes one record of each item of a list, with chosen fields of the record it stood in.',
  notes: [
    'A new record holds the fields named in *propagationFields*, then the fields of the item. Where both have a name, the value of the parent stands. An item that is no object becomes the field `value`.',
    'A record whose list is empty, null or not there gives no record at all. An object in place of the list counts as its only item; any other value fails the record.',
    'With *generateKey*, each new record has the field `_key`, 32 hexadecimal digits made from the parent record and the place of the item: the same data gets the same key in every run. The original manual does not tell what its key is.',
  ].join('\n\n'),
  faults: [
    {
      when: 'The field holds a text, number or boolean',
      effect: 'The record goes to the error path with code 400009.',
      remedy: 'Name a field that holds a list; split texts with field.evaluate first: `tags.split(",")`.',
    },
  ],
  limits: ['All items of one record are in memory at once.'],
  params: z.object({
    field: fieldPath().meta({ title: 'Field', help: 'Path of the list, such as achievements.', source: 'doc' }),
    propagationFields: z.array(fieldPath()).default([]).meta({
      title: 'Propagated fields',
      help: 'Fields of the record that every new record gets, such as UID.',
      fieldPath: true,
      source: 'obs',
    }),
    generateKey: z
      .boolean()
      .default(false)
      .meta({ title: 'Generate key', help: 'Adds the field _key, which tells the new records apart.', source: 'obs' }),
  }),
  examples: [
    {
      title: 'One record for each achievement',
      params: { field: 'achievements', propagationFields: ['UID'] },
      input: [
        {
          UID: 'u1',
          achievements: [
            { challengeID: 'c1', points: 10 },
            { challengeID: 'c2', points: 5 },
          ],
        },
        { UID: 'u2', achievements: [] },
      ],
      output: [
        { UID: 'u1', challengeID: 'c1', points: 10 },
        { UID: 'u1', challengeID: 'c2', points: 5 },
      ],
    },
    {
      title: 'A key for each item, and a value in place of a list',
      params: { field: 'tags', propagationFields: ['UID'], generateKey: true },
      input: [
        { UID: 'u1', tags: ['a'] },
        { UID: 'u2', tags: 'b' },
      ],
      output: [{ UID: 'u1', value: 'a', _key: 'c9ee83e6c1f8d95bde2f7c5ee94e57c5' }],
      errors: [
        {
          UID: 'u2',
          tags: 'b',
          _errorDetails: {
            errorCode: 400009,
            errorMessage: 'Field tags holds a string, but a list is to be extracted. Name a field that holds a list.',
          },
        },
      ],
    },
  ],
  multiplies: true,
  async *transform(batches, ctx) {
    const extract = compileExtract(ctx.params);
    for await (const batch of batches) {
      const made = batch.records.flatMap((record) => {
        try {
          return extract(record);
        } catch (error) {
          ctx.reject(record, error);
          return [];
        }
      });
      if (made.length > 0) yield Batch.of(made);
    }
  },
});

function compileExtract({ field, propagationFields, generateKey }: { field: string; propagationFields: string[]; generateKey: boolean }) {
  const get = compileGet(field);
  const propagated = propagationFields.map((path) => ({ get: compileGet(path), set: compileSet(path) }));
  return (record: DataRecord): DataRecord[] => {
    const items = itemsOf(get(record), field);
    const parent = generateKey && items.length > 0 ? JSON.stringify(record) : '';
    return items.map((item, i) => {
      const made: DataRecord = {};
      const propagate = () => {
        for (const { get: read, set } of propagated) {
          const value = read(record);
          if (value !== undefined) set(made, copyRecord({ value }).value ?? null);
        }
      };
      propagate();
      const own = isDataRecord(item) ? item : { value: item };
      for (const key of Object.keys(own)) put(made, key, own[key] as Json);
      propagate();
      if (generateKey) put(made, '_key', createHash('sha256').update(`${parent}\n${i}`).digest('hex').slice(0, 32));
      return made;
    });
  };
}

function itemsOf(value: Json | undefined, field: string): Json[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value)) return value;
  if (typeof value === 'object') return [value];
  throw new RecordError(`Field ${field} holds a ${typeof value}, but a list is to be extracted. Name a field that holds a list.`, {
    code: 'invalidRecord',
  });
}
