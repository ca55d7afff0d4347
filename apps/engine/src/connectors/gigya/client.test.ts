import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { type GigyaServer, startGigya } from '@idsync/sandbox';
import { afterEach, describe, expect, test } from 'vitest';
import { type Access, errorCodes, FatalError, RecordError, RetryableError } from '#dataflow';
import { fakeContext, leakCheck } from '#testing';
import { type GigyaConnection, openGigya } from './client.ts';
import type { GigyaSite } from './site-requests.ts';

let server: GigyaServer | undefined;
afterEach(async () => {
  await server?.stop();
  server = undefined;
});

async function connected(
  { site = {}, access }: { site?: Partial<GigyaSite>; access?: Access } = {},
  options: Parameters<typeof startGigya>[0] = {},
): Promise<GigyaConnection & { server: GigyaServer }> {
  server = await startGigya({ accounts: 20, ...options });
  const context = fakeContext();
  return {
    ...openGigya({ ...server.site, ...site }, access ? { ...context, access } : context, { connections: 10, patienceMs: 0 }),
    server,
  };
}

const search = { query: 'SELECT UID FROM accounts LIMIT 3' };
const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (thrown) => thrown,
  );

/** A server that answers every call with what it is given, and keeps what it was asked. */
async function answering(
  answer: (body: URLSearchParams, count: number) => { status?: number; headers?: Record<string, string>; body: string },
) {
  const asked: URLSearchParams[] = [];
  const http = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = new URLSearchParams(Buffer.concat(parts).toString());
      asked.push(body);
      const { status = 200, headers = {}, body: text } = answer(body, asked.length);
      response.writeHead(status, headers).end(text);
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));
  const address = http.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  const gigya = openGigya({ apiKey: '3_key', userKey: 'Auser', secret: 'c2VjcmV0', apiDomain: url }, fakeContext());
  return {
    gigya,
    asked,
    url,
    async [Symbol.asyncDispose]() {
      await gigya[Symbol.asyncDispose]();
      http.closeAllConnections();
      http.close();
    },
  };
}

const ok = JSON.stringify({ errorCode: 0 });

describe('a call of the Gigya REST API', () => {
  test('is signed so that the server accepts it, whatever its parameters hold', async () => {
    await using gigya = await connected();
    const answer = await gigya.call('accounts.search', {
      query: `SELECT UID FROM accounts WHERE profile.firstName = "Zoë & Söhne +*'()!~" LIMIT 3`,
    });
    expect(answer).toMatchObject({ errorCode: 0, results: [] });
    expect(await gigya.test()).toMatch(/answers at http.* and holds 20 accounts/);
  });

  test('carries a signed token in place of a signature when the key is an RSA key, with and without PEM lines', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', {
      modulusLength: 2048,
      publicKeyEncoding: { type: 'spki', format: 'pem' },
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
    });
    for (const key of [privateKey, privateKey.replace(/-----.*-----/g, '').replace(/\s/g, '')]) {
      await using gigya = await connected(
        { site: { userKey: 'ATokenUser', secret: '', privateKey: key } },
        { users: [{ userKey: 'ATokenUser', publicKey }] },
      );
      expect(await gigya.call('accounts.search', search)).toMatchObject({ errorCode: 0, totalCount: 20 });
      await server?.stop();
    }
  });

  test('repairs a wrong clock with the time the server tells', async () => {
    await using gigya = await connected({}, { clock: () => Date.now() + 3_600_000 });
    expect(await gigya.call('accounts.search', search)).toMatchObject({ errorCode: 0 });
    await gigya.call('accounts.search', search);
    // One call was spent on finding out, none later.
    expect(gigya.server.calls['accounts.search']).toBe(3);
  });

  test('with a wrong secret ends the job, naming site and user key and never the secret', async () => {
    const secret = Buffer.from('not the right secret').toString('base64');
    await using gigya = await connected({ site: { secret } });
    const thrown = await failureOf(gigya.call('accounts.search', search));
    expect(thrown).toBeInstanceOf(FatalError);
    expect(thrown).toMatchObject({ code: errorCodes.authenticationFailed });
    expect(String(thrown)).toContain(gigya.server.site.apiKey);
    expect(String(thrown)).toContain(gigya.server.site.userKey);
    expect(JSON.stringify(thrown) + String((thrown as Error).stack)).not.toContain(secret);
  });

  test('for an unknown site or user ends the job', async () => {
    for (const site of [{ apiKey: '3_unknown' }, { userKey: 'Anobody' }]) {
      await using gigya = await connected({ site });
      expect(await failureOf(gigya.call('accounts.search', search))).toMatchObject({ code: errorCodes.authenticationFailed });
      await server?.stop();
    }
  });

  test.each([403048, 500001, 500028, 504001, 504002, 503001, 409030])('answered %i may be made again', async (errorCode) => {
    await using gigya = await connected();
    gigya.server.faults.set({ errorCode });
    const thrown = await failureOf(gigya.call('accounts.setAccountInfo', { UID: 'x' }));
    expect(thrown).toBeInstanceOf(RetryableError);
    expect(thrown).toMatchObject({ code: errorCode });
  });

  test.each([200008, 200009, 200010, 206001, 206002])('answered %i succeeded', async (errorCode) => {
    await using peer = await answering(() => ({ body: JSON.stringify({ errorCode }) }));
    expect(await peer.gigya.call('accounts.setAccountInfo', { UID: 'x' })).toEqual({ errorCode });
  });

  test('about an unknown account fails that record, with the code of the platform', async () => {
    await using gigya = await connected();
    const thrown = await failureOf(gigya.call('accounts.setAccountInfo', { UID: 'nobody', profile: { city: 'Bern' } }));
    expect(thrown).toBeInstanceOf(RecordError);
    expect([404003, 403005]).toContain((thrown as RecordError).code);
  });

  test('"Unauthorized user" is the record’s fault when the call names an account, else the key’s', async () => {
    const unauthorized = JSON.stringify({ errorCode: 403005, errorMessage: 'Unauthorized user' });
    await using peer = await answering((body) => ({ body: body.has('uid') ? unauthorized : ok }));
    for (const uid of ['x', 'y']) expect(await failureOf(peer.gigya.call('accounts.setAccountInfo', { uid }))).toBeInstanceOf(RecordError);
    expect(peer.asked).toHaveLength(3);
    await using stranger = await answering(() => ({ body: unauthorized }));
    expect(await failureOf(stranger.gigya.call('accounts.setAccountInfo', { uid: 'x' }))).toBeInstanceOf(FatalError);
    expect(await failureOf(stranger.gigya.call('accounts.search', search))).toBeInstanceOf(FatalError);
  });

  test('refused for its content tells each field', async () => {
    const validationErrors = [
      { fieldName: 'profile.email', message: 'not a mail address', errorCode: 400006 },
      { fieldName: 'profile.zip', message: 'too long', errorCode: 400006 },
    ];
    await using peer = await answering(() => ({
      body: JSON.stringify({ errorCode: 400009, errorMessage: 'Validation error', errorDetails: 'See below', validationErrors }),
    }));
    const thrown = await failureOf(peer.gigya.call('accounts.setAccountInfo', { UID: 'x' }));
    expect(thrown).toMatchObject({ code: 400009, message: 'Validation error: profile.email: not a mail address; profile.zip: too long' });
  });

  test('sends objects as JSON, leaves undefined parameters out and puts a bare method into the socialize namespace', async () => {
    await using peer = await answering(() => ({ body: ok }));
    await peer.gigya.call('ping', { profile: { a: 1 }, list: ['x'], flag: true, nothing: null, absent: undefined, text: 'ä b' });
    const [sent] = peer.asked;
    expect(Object.fromEntries(sent ?? [])).toMatchObject({
      profile: '{"a":1}',
      list: '["x"]',
      flag: 'true',
      nothing: 'null',
      text: 'ä b',
      apiKey: '3_key',
    });
    expect(sent?.has('absent')).toBe(false);
    expect(sent?.has('secret')).toBe(false);
  });

  test('goes where the platform says the site lives, there and nowhere else', async () => {
    await using home = await answering(() => ({ body: ok }));
    await using wrong = await answering(() => ({
      body: JSON.stringify({ errorCode: 301001, errorMessage: 'Invalid data center', apiDomain: home.url }),
    }));
    expect(await wrong.gigya.call('accounts.search', search)).toEqual({ errorCode: 0 });
    await wrong.gigya.call('accounts.search', search);
    expect([wrong.asked.length, home.asked.length]).toEqual([1, 2]);
    await using twice = await answering(() => ({
      body: JSON.stringify({ errorCode: 301001, errorMessage: 'Invalid data center', apiDomain: home.url }),
    }));
    await Promise.all([twice.gigya.call('accounts.search', search), twice.gigya.call('accounts.search', search)]);
    expect([twice.asked.length, home.asked.length]).toEqual([2, 4]);
    await using evil = await answering(() => ({
      body: JSON.stringify({ errorCode: 301001, errorMessage: 'Invalid data center', apiDomain: 'evil.example' }),
    }));
    expect(await failureOf(evil.gigya.call('accounts.search', search))).toMatchObject({ code: 301001 });
  });

  test('answered by something that is no API ends the job, or may be repeated when that was overloaded', async () => {
    await using page = await answering(() => ({ status: 200, body: '<html>Hello</html>' }));
    expect(await failureOf(page.gigya.call('accounts.search', search))).toBeInstanceOf(FatalError);
    await using proxy = await answering(() => ({ status: 502, body: 'Bad gateway' }));
    expect(await failureOf(proxy.gigya.call('accounts.search', search))).toBeInstanceOf(RetryableError);
  });

  test('to a server that is not there may be repeated, and names where it went', async () => {
    await using gigya = openGigya({ apiKey: '3_k', userKey: 'A', secret: 'cw==', apiDomain: 'http://127.0.0.1:1' }, fakeContext());
    const thrown = await failureOf(gigya.call('accounts.search', search));
    expect(thrown).toBeInstanceOf(RetryableError);
    expect(String(thrown)).toContain('http://127.0.0.1:1 did not answer: connection refused (ECONNREFUSED)');
  });

  test('leaves no connection open behind it', async () => {
    server = await startGigya({ accounts: 1 });
    const { site } = server;
    await leakCheck(async (signal) => {
      await using gigya = openGigya(site, fakeContext({ signal }));
      await Promise.all([gigya.call('accounts.search', search), gigya.call('accounts.search', search)]);
    });
  });

  test('to an address the operator does not allow is never made', async () => {
    const address = (host: string) => {
      throw new FatalError(`${host} is not allowed.`, { code: 'notAllowed' });
    };
    for (const host of ['127.0.0.1', 'localhost']) {
      await using peer = await answering(() => ({ body: ok }));
      const context = { ...fakeContext(), access: { localPath: (file: string) => file, address } };
      const apiDomain = peer.url.replace('127.0.0.1', host);
      await using gigya = openGigya({ apiKey: '3_k', userKey: 'A', secret: 'cw==', apiDomain }, context);
      expect(await failureOf(gigya.call('accounts.search', search))).toMatchObject({ message: `${host} is not allowed.` });
      expect(peer.asked).toEqual([]);
    }
  });
});

describe('a read', () => {
  test('survives throttling, server errors and cut answers', async () => {
    await using gigya = await connected();
    gigya.server.faults.set({ errorCode: 403048, next: 2 }, { skip: 2, next: 1, errorCode: 500001 }, { skip: 3, next: 1, cutAnswer: true });
    expect(await gigya.read('accounts.search', search)).toMatchObject({ errorCode: 0, objectsCount: 3 });
    expect(gigya.server.calls['accounts.search']).toBe(5);
  });

  test('waits its turn when the platform allows few calls a second, and every call gets through', async () => {
    server = await startGigya({ accounts: 5, rate: { callsPerSecond: 60 } });
    await using gigya = openGigya(server.site, fakeContext(), { connections: 20 });
    const answers = await Promise.all(Array.from({ length: 150 }, () => gigya.call('accounts.search', search)));
    expect(answers.filter(({ errorCode }) => errorCode === 0)).toHaveLength(150);
  });

  test('stops waiting when the job is stopped', async () => {
    server = await startGigya({ accounts: 1 });
    server.faults.set({ errorCode: 403048 });
    const stop = new AbortController();
    await using gigya = openGigya(server.site, fakeContext({ signal: stop.signal }));
    const reading = failureOf(gigya.read('accounts.search', search));
    stop.abort();
    expect(await reading).toMatchObject({ code: errorCodes.cancelled });
  });
});
