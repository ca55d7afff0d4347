import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes, RetryableError, withRetries } from '#dataflow';
import { fakeContext, leakCheck, runComponent } from '#testing';
import writer from './importaccount.ts';

let server: GigyaServer;
beforeAll(async () => {
  server = await startGigya({ accounts: 5 });
});
afterAll(() => server.stop());
afterEach(() => server.faults.clear());

const write = (records: DataRecord[], params: DataRecord = {}) => runComponent(writer, { site: server.site, params, records });
const method = 'accounts.importFullAccount';
const quick = { retries: 3, firstPauseMs: 1, longestPauseMs: 1 };

/** Writes one record as the runtime does: the same call again while it fails for a passing reason. */
async function writeWithRetries(record: DataRecord, params: DataRecord = {}) {
  const rejected: DataRecord[] = [];
  const parsed = writer.params.parse(params);
  const context = fakeContext({ site: server.site, params: parsed, rejected });
  const connection = await writer.connect?.(parsed, context);
  const act = () => writer.write([record], { ...context, params: parsed, connection } as Parameters<typeof writer.write>[1]);
  const written = await withRetries(act, { signal: context.signal, policy: quick, onRetry: () => {} });
  await connection?.[Symbol.asyncDispose]();
  return { written, rejected };
}

describe('importing accounts', () => {
  test('creates whole accounts, names in any letter case and with dots, and passes the records on as they came', async () => {
    const records = [
      {
        uid: 'i1',
        loginIds: { emails: ['i1@example.com'] },
        'profile.email': 'i1@example.com',
        'data.a.b': 1,
        isactive: false,
        lang: 'de',
      },
      { UID: 'i2', profile: { email: 'i2@example.com' }, password: { compoundHashedPassword: 'x' }, created: '2020-01-02T03:04:05.000Z' },
    ];
    const run = await leakCheck(() => write(records));
    expect(run.records).toEqual(records);
    expect(server.accountOf('i1')).toMatchObject({
      loginIDs: { emails: ['i1@example.com'] },
      profile: { email: 'i1@example.com' },
      data: { a: { b: 1 } },
      isActive: false,
      lang: 'de',
    });
    expect(server.accountOf('i2')).toMatchObject({ createdTimestamp: Date.UTC(2020, 0, 2, 3, 4, 5) });
  });

  test('insert refuses a UID that exists, upsert replaces the groups that are sent', async () => {
    await write([{ UID: 'u', profile: { email: 'u@example.com', city: 'Bern' }, data: { keep: 1 } }]);
    const again = { UID: 'u', profile: { email: 'u@example.com' } };
    expect((await write([again])).errors).toMatchObject([{ UID: 'u', _errorDetails: { errorCode: 400003 } }]);
    expect((await write([again], { importPolicy: 'upsert' })).records).toHaveLength(1);
    expect(server.accountOf('u')).toMatchObject({ profile: { email: 'u@example.com' }, data: { keep: 1 } });
    expect(server.accountOf('u')?.profile).not.toHaveProperty('city');
  });

  test('the policy of the step counts, whatever the record says; fields of steps are not sent', async () => {
    await write([{ UID: 'p', data: { n: 1 } }]);
    const record = { UID: 'p', importPolicy: 'upsert', _errorDetails: { errorCode: 404000 }, _response: { x: 1 }, secret: 'x' };
    const run = await write([record], { addResponse: true });
    expect(run.errors).toMatchObject([{ _errorDetails: { errorCode: 404000 }, _response: { errorCode: 400003 } }]);
    expect(JSON.stringify((await write([record], { importPolicy: 'upsert', addResponse: true })).records[0]?._response)).not.toMatch(
      /ignoredFields/,
    );
  });

  test('identities of other accounts refuse the import, or are taken over', async () => {
    const identities = [{ provider: 'google', providerUID: 'g1' }];
    await write([{ UID: 'id1', identities }]);
    expect((await write([{ UID: 'id2', identities }])).errors).toMatchObject([{ _errorDetails: { errorCode: 409001 } }]);
    const run = await write([{ UID: 'id2', identities }], { handleIdentityConflicts: 'connect', addResponse: true });
    expect(run.records).toMatchObject([{ _response: { UID: 'id2', identityConflicts: identities } }]);
  });

  test('context comes back in the answer', async () => {
    const run = await write([{ UID: 'c', context: { row: 7 } }], { addResponse: true });
    expect(run.records).toMatchObject([{ _response: { context: '{"row":7}' } }]);
  });

  test('refused values go to the error path with each field', async () => {
    const run = await write([{ UID: 'bad', profile: { email: 'no address', birthYear: 'old' } }, { UID: 'good' }]);
    expect(run.records).toMatchObject([{ UID: 'good' }]);
    expect(run.errors).toMatchObject([
      { _errorDetails: { errorCode: 400009, errorMessage: expect.stringMatching(/profile.email.*profile.birthYear/) } },
    ]);
  });
});

describe('a record without a UID', () => {
  test('gets one, told in the answer', async () => {
    const run = await write([{ createUID: true, profile: { email: 'own@example.com' } }], { addResponse: true });
    const [UID = ''] = run.records.map(({ _response }) => String((_response as DataRecord).UID));
    expect(UID).toMatch(/^[0-9a-f]{32}$/);
    expect(server.accountOf(UID)).toMatchObject({ profile: { email: 'own@example.com' } });
  });

  test('is imported once when the answer of the first try is lost', async () => {
    const before = server.accountCount();
    server.faults.set({ method, cutAnswer: true, next: 1 });
    const { written, rejected } = await writeWithRetries({ profile: { email: 'once@example.com' } }, { addResponse: true });
    expect([written.length, rejected.length, server.accountCount() - before]).toEqual([1, 0, 1]);
    expect(written).toMatchObject([{ _response: { errorCode: 0, UID: expect.stringMatching(/^[0-9a-f]{32}$/) } }]);
  });

  test('is refused when its login identifier is taken, tried again or not', async () => {
    await write([{ UID: 'owner', loginIDs: { emails: ['taken@example.com'] } }]);
    server.faults.set({ method, errorCode: 500001, next: 1 });
    const { written, rejected } = await writeWithRetries({ loginIDs: { emails: ['taken@example.com'] } });
    expect(written).toEqual([]);
    expect(rejected).toMatchObject([{ _errorDetails: { errorCode: 400003 } }]);
  });
});

describe('an import that is put off', () => {
  test('is for the engine to repeat, and may be the fault of its record', async () => {
    for (const errorCode of [409030, 500001, 503001, 504001]) {
      server.faults.set({ method, errorCode });
      const thrown = await write([{ profile: {} }]).catch((error: unknown) => error);
      expect(thrown).toBeInstanceOf(RetryableError);
      expect(thrown).toMatchObject({ code: errorCode, ofRecords: true });
    }
  });

  test('goes through after busy answers', async () => {
    server.faults.set({ method, errorCode: 504001, next: 2 });
    expect((await writeWithRetries({ UID: 'late' })).written).toHaveLength(1);
  });
});

test('wrong parameters are named, and a refused key ends the job', async () => {
  await expect(write([], { importPolicy: 'replace' })).rejects.toThrow(/importPolicy/);
  await expect(write([], { maxConnections: 0 })).rejects.toThrow(/maxConnections/);
  const site = { ...server.site, userKey: 'Anobody' };
  const refused = runComponent(writer, { site, records: [{ UID: 'x' }] });
  await expect(refused).rejects.toMatchObject({ code: errorCodes.authenticationFailed });
});
