import type { DataRecord } from '@idsync/engine/dataflow';
import { expect, test } from 'vitest';
import { keyParameter } from './key-parameter.ts';

test.each<[DataRecord, string | undefined]>([
  [{ host: 'sftp.example.com', remotePath: '/in', username: 'demo' }, 'sftp.example.com · /in'],
  [{ select: 'UID, profile.email, data' }, 'UID, +2'],
  [{ fields: [{ sourceField: 'a', targetField: 'b' }] }, 'a → b'],
  [{ fields: ['profile', 'data'] }, 'profile, +1'],
  [{ fileName: '', path: '/tmp' }, '/tmp'],
  [{ select: '*', from: 'order' }, 'order'],
  [{ url: 'https://api.example.com/contacts' }, 'api.example.com/contacts'],
  [{ apiUrl: 'https://us6.api.mailchimp.com/3.0/', listId: 'a1b2' }, 'a1b2'],
  [{ script: 'Zm9v' }, undefined],
  [{}, undefined],
])('the telling line of %j is %s', (params, line) => {
  expect(keyParameter({ id: 's', type: 't', params })).toBe(line);
});
