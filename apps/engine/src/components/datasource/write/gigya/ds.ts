import { z } from 'zod';
import { openGigya } from '#connectors/gigya/client.ts';
import { writeFaults } from '#connectors/gigya/faults.ts';
import { addResponse, maxConnections } from '#connectors/gigya/params.ts';
import { otherSiteParams, siteOf } from '#connectors/gigya/site.ts';
import { ObjectStores } from '#connectors/gigya/store-object.ts';
import { writeEach } from '#connectors/gigya/write-each.ts';
import { defineRecordWriter, fieldPath } from '#dataflow';

const params = z.object({
  type: z
    .string()
    .min(1)
    .meta({
      title: 'Type',
      help: 'Type of the Data Store that the objects belong to.',
      examples: ['order'],
      source: 'doc',
    }),
  oid: fieldPath()
    .default('oid')
    .meta({
      title: 'Field of the object id',
      help: 'Field of the record that holds the id of its object. A record without one gets a new id; `auto` here gives every record a new one.',
      examples: ['oid', 'orderNumber', 'auto'],
      source: 'choice',
    }),
  UID: fieldPath().default('UID').meta({
    title: 'Field of the account',
    help: 'Field of the record that holds the UID of the account that its object belongs to. A record without one makes an object of nobody.',
    source: 'choice',
  }),
  updateBehavior: z.enum(['arrayPush', 'arraySet', 'replace']).default('arrayPush').meta({
    title: 'Objects that exist',
    help: 'Fields are merged: `arrayPush` puts new elements behind those of an array, `arraySet` replaces arrays. `replace` replaces the whole object.',
    source: 'choice',
  }),
  maxConnections: maxConnections(10, 'Objects stored at the same time.'),
  addResponse: addResponse(),
  ...otherSiteParams,
});

export default defineRecordWriter({
  type: 'datasource.write.gigya.ds',
  title: 'Write to the Data Store',
  summary: 'Stores each record as an object of the Data Store with ds.store.',
  notes: [
    'Which parameters the original has beside `type` was not found; the others are called as in `ds.store`, and name the fields of the record that hold the values.',
    '',
    '- **What is stored**: the record’s `data` when that is an object, as records of the Data Store reader have it; else the record without the fields that name id and account. Names with dots nest. `_response` and `_errorDetails` are never stored.',
    '- **Types of fields** follow from the suffixes of their names (`_i`, `_f`, `_s`, `_t`, `_b`, `_d`) or from the schema; the platform refuses values of another type.',
    '- **Delivery**: at least once. `replace` and `arraySet` leave the same object when a call is repeated, `arrayPush` may push elements twice when the first answer was lost. Records without an id get one of ours that stays the same when the call is repeated, so none is stored twice.',
  ].join('\n'),
  faults: [
    ...writeFaults,
    {
      when: 'A field’s value does not fit its type, or its name is not allowed (400006, 400023, 400026)',
      effect: 'The record goes to the error path.',
      remedy: 'Rename or convert the field; names begin with a letter and hold letters, digits and underscores.',
    },
    { when: 'The object is too large (413003)', effect: 'The record goes to the error path.', remedy: 'Split the object.' },
  ],
  limits: ['One call for each record.', 'An object holds at most 512 KB.', 'Without a schema field types are told by names only.'],
  params,
  examples: [
    { title: 'Orders by their number, each of an account', params: { type: 'order', oid: 'orderNumber', UID: 'customerUid' } },
    { title: 'Copy objects that were read from another site', params: { type: 'order', updateBehavior: 'replace' } },
  ],
  delivery: 'at-least-once',
  connect: async (params, ctx) => {
    const probe = { method: 'ds.search', params: { query: `SELECT oid FROM ${params.type} LIMIT 1` } };
    const gigya = openGigya(siteOf(params, ctx), ctx, { connections: params.maxConnections, probe });
    return Object.assign(gigya, { objects: new ObjectStores(gigya, { ...params, uid: params.UID }) });
  },
  batchSize: () => 1,
  concurrency: ({ maxConnections }) => maxConnections,
  write: (records, { connection: { objects }, params: { addResponse }, reject }) =>
    writeEach(records, { call: (record) => objects.storeOne(record), addResponse, reject }),
});
