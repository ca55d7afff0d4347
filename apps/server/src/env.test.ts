import { expect, it } from 'vitest';
import { readEnv } from './env.ts';

it('takes private addresses and ranges that dataflows may reach', () => {
  const rules = ['127.0.0.1', '10.0.0.0/8', '::1', 'fd00::/8'];
  expect(readEnv({ IDSYNC_ALLOWED_ADDRESSES: rules.join(' , ') }).allowedAddresses).toEqual(rules);
});

it.each(['localhost', '10.0.0.0/33', '10.0.0.0/8/8', '10.0.0', '::1/129', '10.0.0.0/'])('refuses %s before anything starts', (rule) => {
  expect(() => readEnv({ IDSYNC_ALLOWED_ADDRESSES: `127.0.0.1,${rule}` })).toThrow(/IDSYNC_ALLOWED_ADDRESSES: addresses or ranges/);
});
