import { z } from 'zod';
import {
  compileGet,
  compileRemove,
  type DataRecord,
  defineRecordTransformer,
  fieldPath,
  isLiteralPath,
  type Json,
  parseFieldPath,
  put,
} from '#dataflow';

export default defineRecordTransformer({
  type: 'field.flatten',
  title: 'Flatten objects',
  summary: 'Lifts the members of an object to the top level.',
  notes: [
    'The members take their own names: `age` of `profile` becomes `age`. A member whose name the record has already takes its path, `profile.age`, so that no value is lost. With *names* set to path, all of them do.',
    'The members stand where the object stood. Objects inside it stay objects; name them in a later entry to flatten them too. A list stays a list, and a field that is no object, or is not there, stays as it is.',
    'The original manual does not tell the names the members get: they are chosen here.',
  ].join('\n\n'),
  limits: ['One level of an object is lifted by each entry.'],
  params: z.object({
    fields: z
      .array(fieldPath())
      .min(1)
      .meta({ title: 'Fields', help: 'Objects to flatten, such as profile.', fieldPath: true, source: 'doc' }),
    names: z.enum(['plain', 'path']).default('plain').meta({
      title: 'Names',
      help: 'plain: the name of the member; path: the name of the object, a dot, and the name of the member.',
      source: 'choice',
    }),
  }),
  examples: [
    {
      title: 'The profile for a flat target',
      params: { fields: ['profile'] },
      input: [{ UID: 'u1', profile: { age: 41, address: { city: 'Bonn' } }, iRank: 3 }],
      output: [{ UID: 'u1', age: 41, address: { city: 'Bonn' }, iRank: 3 }],
    },
    {
      title: 'A name that is taken, and an object inside the object',
      params: { fields: ['profile', 'address'] },
      input: [{ email: 'a@example.com', profile: { email: 'b@example.com', address: { city: 'Bonn' } } }],
      output: [{ email: 'a@example.com', 'profile.email': 'b@example.com', city: 'Bonn' }],
    },
    {
      title: 'Names with their path',
      params: { fields: ['profile'], names: 'path' },
      input: [{ UID: 'u1', profile: { age: 41 } }],
      output: [{ UID: 'u1', 'profile.age': 41 }],
    },
  ],
  compile: ({ fields, names }) => {
    const steps = fields.map((path) => compileFlatten(path, names === 'path'));
    return (record) => steps.reduce((flat, step) => step(flat), record);
  },
  compileColumns: ({ fields }) => {
    const keys = fields.map((path) => parseFieldPath(path));
    // Cells of a file are never objects; what other columns hold is known of each row only.
    return (columns) =>
      columns.some((column) => !('cell' in column) && keys.some(({ key, parts }) => column.name === key || column.name === parts?.[0]))
        ? undefined
        : columns;
  },
});

/** Changes the record that holds a nested object, for nothing can fail after that. */
function compileFlatten(path: string, withPath: boolean): (record: DataRecord) => DataRecord {
  const { key } = parseFieldPath(path);
  const [get, remove] = [compileGet(path), compileRemove(path)];
  const prefix = isLiteralPath(path) ? key : path;
  return (record) => {
    const object = get(record);
    if (typeof object !== 'object' || object === null || Array.isArray(object)) return record;
    const onTop = Object.hasOwn(record, key);
    if (!onTop) remove(record);
    const flat: DataRecord = {};
    const lift = () => {
      for (const name of Object.keys(object)) {
        const taken = withPath || Object.hasOwn(flat, name) || (name !== key && Object.hasOwn(record, name));
        put(flat, taken ? `${prefix}.${name}` : name, object[name] as Json);
      }
    };
    for (const name of Object.keys(record)) {
      if (name === key) lift();
      else put(flat, name, record[name] as Json);
    }
    if (!onTop) lift();
    return flat;
  };
}
