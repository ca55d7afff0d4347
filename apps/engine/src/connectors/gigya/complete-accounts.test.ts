import { expect, test } from 'vitest';
import { type DataRecord, RecordError, RetryableError } from '#dataflow';
import type { GigyaConnection } from './client.ts';
import { completeAccounts } from './complete-accounts.ts';

const columns = [{ source: 'subscriptions.news', target: 'news', text: 'subscriptions.news' }];

/** A connection whose reads of some accounts fail. */
function connectionWith(faults: Record<string, Error>): GigyaConnection {
  const read: GigyaConnection['read'] = async (_, { UID }) => {
    const fault = faults[String(UID)];
    if (fault) throw fault;
    return { errorCode: 0, subscriptions: { news: `of ${UID}` } };
  };
  return { read, call: read, test: async () => 'ok', [Symbol.asyncDispose]: async () => {} };
}

test('accounts that the platform cannot give are rejected, the others are completed', async () => {
  const gone = new RecordError('Unknown user', { code: 403005 });
  const broken = new RetryableError('General Server Error', { code: 500001, ofRecords: true });
  const rejected: [DataRecord, unknown][] = [];
  const records = ['a', 'b', 'c', 'd'].map((UID) => ({ UID }));
  const done = await completeAccounts(connectionWith({ b: gone, c: broken }), records, {
    columns,
    concurrency: 1,
    reject: (record, error) => rejected.push([record, error]),
  });
  expect(done).toEqual([
    { UID: 'a', news: 'of a' },
    { UID: 'd', news: 'of d' },
  ]);
  expect(rejected).toEqual([
    [{ UID: 'b' }, gone],
    [{ UID: 'c' }, broken],
  ]);
});

test('a fault that is not of the account ends the reading', async () => {
  const throttled = new RetryableError('Too many calls', { code: 403048 });
  const reading = completeAccounts(connectionWith({ a: throttled }), [{ UID: 'a' }], { columns, concurrency: 1, reject: () => {} });
  await expect(reading).rejects.toBe(throttled);
});
