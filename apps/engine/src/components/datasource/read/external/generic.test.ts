import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { type DataRecord, FatalError, type JobInfo, type Json } from '#dataflow';
import { leakCheck, runComponent } from '#testing';
import reader from './generic.ts';

interface Asked {
  method: string | undefined;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

type Answer = { status?: number; headers?: Record<string, string>; body?: Json };

let stop: (() => void) | undefined;
afterEach(() => stop?.());

/** An API that answers as told and keeps what it was asked. */
async function api(answer: (asked: Asked, nth: number) => Answer) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const seen = { method: request.method, path: request.url ?? '', headers: request.headers, body: Buffer.concat(parts).toString() };
      asked.push(seen);
      const { status = 200, headers = {}, body = null } = answer(seen, asked.length);
      response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, asked };
}

const read = (params: DataRecord, job: Partial<JobInfo> = {}) => leakCheck((signal) => runComponent(reader, { params, job, signal }));

describe('reading from any API', () => {
  test('reads numbered pages and tells the positions', async () => {
    const { url, asked } = await api(({ path }) => ({
      body: { contacts: path.endsWith('page=3') ? [{ id: 5 }] : [{ id: 1 }, { id: 2 }] },
    }));
    const run = await read({
      url: `${url}/contacts?active=1`,
      recordsPath: 'contacts',
      paging: { type: 'page', param: 'page', sizeParam: 'per_page', pageSize: '2' },
      headers: [{ name: 'X-Source', value: 'identity' }],
    });
    expect(run.records).toEqual([{ id: 1 }, { id: 2 }, { id: 1 }, { id: 2 }, { id: 5 }]);
    expect(run.positions).toEqual([1, 2, 3]);
    expect(asked.map(({ path }) => path)).toEqual([1, 2, 3].map((page) => `/contacts?active=1&per_page=2&page=${page}`));
    expect(asked[0]?.headers).toMatchObject({ 'x-source': 'identity', accept: 'application/json' });
  });

  test('posts a query with a cursor in its body', async () => {
    const { url, asked } = await api((_, nth) => ({ body: { results: [{ nth }], cursor: nth < 3 ? `c${nth}` : '' } }));
    const run = await read({
      url,
      method: 'POST',
      body: `{"filter": {"job": "\${jobId}"}}`,
      recordsPath: 'results',
      paging: { type: 'cursor', cursorPath: 'cursor', param: 'after', in: 'body' },
    });
    expect(run.records).toHaveLength(3);
    const filter = { job: '0123456789abcdef0123456789abcdef' };
    expect(asked.map(({ body }) => JSON.parse(body))).toEqual([{ filter }, { filter, after: 'c1' }, { filter, after: 'c2' }]);
  });

  test('tells the time of the last run only when the job reads changes', async () => {
    const { url, asked } = await api(() => ({ body: [] }));
    const changedSince = new Date('2024-02-28T01:02:03.004Z');
    await read({ url, changedSinceParam: 'since' }, { changedSince, fullExtract: false });
    await read({ url, changedSinceParam: 'since', changedSinceFormat: 'seconds' }, { changedSince, fullExtract: false });
    await read({ url, changedSinceParam: 'since' }, { changedSince, fullExtract: true });
    expect(asked.map(({ path }) => path)).toEqual(['/?since=2024-02-28T01%3A02%3A03.004Z', '/?since=1709082123', '/']);
  });

  test('fetches a token, uses it for all pages and fetches another when it is refused', async () => {
    let issued = 0;
    const { url, asked } = await api(({ path, headers }) => {
      if (path === '/token') return { body: { access_token: `t${++issued}`, expires_in: 3600 } };
      if (headers.authorization === 'Bearer t1' && path.includes('skip=2')) return { status: 401, body: {} };
      return { body: path.includes('skip=4') ? [] : [{ a: 1 }, { a: 2 }] };
    });
    const authentication = { type: 'oauth2', authUrl: `${url}/token`, clientId: 'id', clientSecret: 'sesame', scope: 'read' };
    const run = await read({ url, authentication, paging: { type: 'offset', param: 'skip' } });
    expect(run.records).toHaveLength(4);
    expect(issued).toBe(2);
    expect(Object.fromEntries(new URLSearchParams(asked[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'id',
      client_secret: 'sesame',
      scope: 'read',
    });
  });

  test('repeats a page that is throttled or broken, and not one that is refused', async () => {
    const { url, asked } = await api((_, nth) =>
      nth === 1
        ? { status: 429, headers: { 'retry-after': '0' } }
        : nth === 2
          ? { status: 503, headers: { 'retry-after': '0' } }
          : { body: [{ nth }] },
    );
    expect((await read({ url })).records).toEqual([{ nth: 3 }]);
    expect(asked).toHaveLength(3);
    const refusing = await api(() => ({ status: 404, body: 'no such list' }));
    const failing = read({ url: `${refusing.url}/lists/7?key=hidden` });
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow(/\/lists\/7 refused the call: HTTP 404, no such list\. Check address/);
    await expect(failing).rejects.not.toThrow('hidden');
    expect(refusing.asked).toHaveLength(1);
  });

  test('takes a failure that comes with HTTP 200 for what it is', async () => {
    const { url } = await api(() => ({ body: { success: false, reason: 'quota used up' } }));
    await expect(read({ url, successTest: 'body.success eq true' })).rejects.toThrow('quota used up');
  });

  test('tests the connection with one page', async () => {
    const { url } = await api(() => ({ body: [{ a: 1 }] }));
    const { connect } = reader;
    const params = reader.params.parse({ url });
    const { fakeContext } = await import('#testing');
    const connection = await connect?.(params, fakeContext());
    expect(await connection?.test()).toBe(`${url} answers with 1 records in its first page.`);
    await connection?.[Symbol.asyncDispose]();
  });

  test('names field and cause of wrong parameters', () => {
    const faults = (params: DataRecord) =>
      reader.params.safeParse(params).error?.issues.map(({ path, message }) => [path.join('.'), message]);
    expect(faults({ url: 'https://x.example', body: '[1]' })).toEqual([['body', 'The body must be a JSON object.']]);
    expect(faults({ url: 'https://x.example', authentication: { type: 'oauth2', authUrl: 'x' } })).toEqual([
      ['authentication.authUrl', 'This is not a web address. Give one that begins with https:// or http://.'],
      ['authentication.clientId', 'oauth2 needs clientId, which is missing.'],
      ['authentication.clientSecret', 'oauth2 needs clientSecret, which is missing.'],
    ]);
    expect(faults({ url: 'https://x.example', successTest: 'a ==' })?.[0]?.[0]).toBe('successTest');
    expect(faults({ url: 'https://x.example', headers: [{ name: 'a b', value: 'x' }] })).toEqual([
      ['headers.0.name', 'This cannot be the name of a header.'],
    ]);
  });
});
