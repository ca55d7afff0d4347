import { createServer, type IncomingMessage } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { FatalError, RecordError, RetryableError } from '#dataflow';
import { fakeContext, leakCheck } from '#testing';
import { type ApiSettings, openApi } from './http-api.ts';
import { bearerToken } from './oauth-token.ts';

interface Seen {
  method: string | undefined;
  path: string | undefined;
  type: string | undefined;
  authorization: string | undefined;
  body: string;
  atMs: number;
}

let stop: (() => void) | undefined;
afterEach(() => stop?.());

/** A server that answers `[status, body, headers]` and keeps what it saw. */
async function serve(answer: (seen: Seen, nth: number) => [number, unknown?, Record<string, string>?]) {
  const seen: Seen[] = [];
  const server = createServer(async (request: IncomingMessage, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const { method, url: path, headers } = request;
    const one = {
      method,
      path,
      type: headers['content-type'],
      authorization: headers.authorization,
      body: `${Buffer.concat(parts)}`,
      atMs: performance.now(),
    };
    seen.push(one);
    const [status, body = {}, extra = {}] = answer(one, seen.length);
    response.writeHead(status, extra).end(typeof body === 'string' ? body : JSON.stringify(body));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
  const address = server.address();
  return { url: new URL(`http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/v1`), seen };
}

const open = (baseUrl: URL, more: Partial<ApiSettings> = {}, signal = new AbortController().signal) =>
  openApi({ baseUrl, connections: 2, timeoutMs: 5000, ...more }, fakeContext({ signal }));

describe('an HTTP API', () => {
  it('sends JSON, forms, queries and bodies below its base address', async () => {
    const { url, seen } = await serve(() => [200, { done: true }]);
    await leakCheck(async (signal) => {
      await using api = open(url, { headers: { 'x-version': '1' } }, signal);
      expect(await api.call({ path: '/lists', query: { count: 2, skip: undefined, q: 'a b' } })).toMatchObject({
        status: 200,
        json: { done: true },
      });
      await api.call({ path: 'people', json: { a: 1 } });
      await api.call({ path: 'people', form: { a: 'ä&' }, method: 'PUT' });
      await api.call({ path: `${url.origin}/elsewhere`, body: { type: 'text/csv', content: 'a,b' } });
    });
    expect(seen.map(({ method, path, type, body }) => [method, path, type, body])).toEqual([
      ['GET', '/v1/lists?count=2&q=a+b', undefined, ''],
      ['POST', '/v1/people', 'application/json', '{"a":1}'],
      ['PUT', '/v1/people', 'application/x-www-form-urlencoded', 'a=%C3%A4%26'],
      ['POST', '/elsewhere', 'text/csv', 'a,b'],
    ]);
  });

  it('tells refusals apart by what happens next, in the words of the platform', async () => {
    const { url } = await serve(({ path }) => [
      Number(path?.slice(-3)),
      { error: { code: 214, text: 'No such member' } },
      { 'retry-after': '3' },
    ]);
    await using api = open(url, { explain: ({ json }) => ({ code: 214, text: JSON.stringify(json) }) });
    await expect(api.call({ path: '/400' })).rejects.toMatchObject({
      constructor: RecordError,
      code: 214,
      message: expect.stringContaining('No such member'),
    });
    await expect(api.call({ path: '/503' })).rejects.toMatchObject({ constructor: RetryableError, retryAfterMs: 3000 });
    await using other = open(url, { explain: () => ({ text: 'quota', next: 'fail', remedy: 'Buy more.' }) });
    await expect(other.call({ path: '/200' })).resolves.toMatchObject({ status: 200 });
    await expect(other.call({ path: '/403' })).rejects.toMatchObject({
      constructor: FatalError,
      message: expect.stringMatching(/HTTP 403, quota\. Buy more\.$/),
    });
  });

  it('holds back all calls for as long as the platform asks when it throttles one', async () => {
    const { url, seen } = await serve((_, nth) => (nth === 1 ? [429, {}, { 'retry-after': '1' }] : [200]));
    await using api = open(url);
    await expect(api.call({ path: '/a' })).rejects.toBeInstanceOf(RetryableError);
    await api.call({ path: '/b' });
    expect((seen[1]?.atMs ?? 0) - (seen[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(990);
  });

  it('ends a call when the job is stopped', async () => {
    const { url } = await serve(() => [429, {}, { 'retry-after': '600' }]);
    const stopping = new AbortController();
    await using api = open(url, {}, stopping.signal);
    await expect(api.call({ path: '/a' })).rejects.toBeInstanceOf(RetryableError);
    const waiting = api.call({ path: '/b' });
    stopping.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'CancelledError' });
  });
});

describe('a bearer token', () => {
  it('is fetched once for all calls that wait, kept, and fetched again when it is refused or too old', async () => {
    let issued = 0;
    const { url, seen } = await serve(({ path, authorization }) => {
      if (path === '/token') return [200, { access_token: `t${++issued}`, expires_in: issued === 2 ? 30 : 3600 }];
      return authorization === 'Bearer t1' && path?.endsWith('/late') ? [401] : [200];
    });
    const context = fakeContext();
    const settings = { url: new URL('/token', url), grant: { grant_type: 'client_credentials', client_secret: 'sesame' }, timeoutMs: 5000 };
    await using authorization = bearerToken(settings, context);
    await using api = open(url, { authorization });
    await Promise.all([api.call({ path: '/a' }), api.call({ path: '/b' }), api.call({ path: '/c' })]);
    expect(issued).toBe(1);
    await api.call({ path: '/late' });
    expect(issued).toBe(2);
    // The second token lives for less than the margin, so it is not used again.
    await api.call({ path: '/a' });
    expect(issued).toBe(3);
    expect(seen.find(({ path }) => path === '/token')?.body).toBe('grant_type=client_credentials&client_secret=sesame');
  });

  it('fails the job when the issuer refuses the client, without showing the secret', async () => {
    const { url } = await serve(() => [401, { error: 'invalid_client', error_description: 'Unknown client' }]);
    await using authorization = bearerToken({ url, grant: { client_secret: 'sesame' }, timeoutMs: 5000 }, fakeContext());
    const failing = authorization.headers();
    await expect(failing).rejects.toMatchObject({
      constructor: FatalError,
      message: expect.stringContaining('invalid_client: Unknown client'),
    });
    await expect(failing).rejects.not.toThrow('sesame');
  });

  it('says so when the address issues no tokens', async () => {
    const { url } = await serve(() => [200, '<html>']);
    await using authorization = bearerToken({ url, grant: {}, timeoutMs: 5000 }, fakeContext());
    await expect(authorization.headers()).rejects.toThrow('answered without a token');
  });
});
