import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Component, DataRecord } from '#dataflow';
import { leakCheck, runComponent } from '#testing';
import { hostileRecords } from '#testing/hostile.ts';
import accountLookup from '../../lookup/gigya/account.ts';
import challengeLookup from '../../lookup/gigya/gm.ts';
import accountWriter from './account.ts';
import objectWriter from './ds.ts';
import genericWriter from './generic.ts';
import importer from './importaccount.ts';

let server: GigyaServer;
beforeAll(async () => {
  server = await startGigya({ accounts: 20 });
});
afterAll(() => server.stop());

const steps: [Component, DataRecord][] = [
  [accountWriter, {}],
  [importer, { importPolicy: 'upsert', addResponse: true }],
  [objectWriter, { type: 'hostile' }],
  [objectWriter, { type: 'hostile', oid: 'a', UID: 'b.c', updateBehavior: 'replace' }],
  [
    genericWriter,
    {
      apiMethod: 'accounts.setAccountInfo',
      apiParams: [
        { paramName: 'UID', sourceField: 'a' },
        { paramName: 'data', sourceField: 'b' },
      ],
    },
  ],
  [accountLookup, { select: '*', lookupFields: [{ sourceField: 'a', gigyaField: 'UID' }], isCaseSensitive: true }],
  [
    accountLookup,
    {
      select: 'UID, profile',
      lookupFields: [
        { sourceField: 'a', gigyaField: 'profile.email' },
        { sourceField: 'b', gigyaField: 'data.remark' },
      ],
    },
  ],
  [challengeLookup, {}],
];

test.each(steps.map(([component, params]) => [component.type, component, params] as const))(
  '%s: records of any shape go on or to the error path, and each of them does',
  async (_type, component, params) => {
    // As what the steps look at, too, and with the keys that writers want.
    const shapes = hostileRecords();
    const records = [
      ...shapes,
      ...shapes.map((record, i) => ({ ...record, UID: `h${i}`, oid: `h${i}` })),
      ...shapes.map((a) => ({ a, b: a })),
    ];
    const run = await leakCheck((signal) => runComponent(component, { site: server.site, params, records, signal }));
    expect(run.records.length + run.errors.length).toBe(records.length);
  },
);
