import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { FatalError, RecordError, RetryableError } from '#dataflow';
import { fakeContext } from '#testing';
import { type ApiSettings, openApi } from './http-api.ts';

let stop: (() => void) | undefined;
afterEach(() => stop?.());

/** A server that answers each request by the next of the given functions, the last one for all that follow. */
async function server(...answers: ((response: ServerResponse, request: IncomingMessage) => void)[]) {
  const seen: { path: string | undefined; authorization: string | undefined; at: number }[] = [];
  const http = createServer((request, response) => {
    seen.push({ path: request.url, authorization: request.headers.authorization, at: performance.now() });
    (answers[Math.min(seen.length, answers.length) - 1] ?? ((r) => r.end()))(response, request);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => http.once('listening', resolve));
  stop = () => {
    http.closeAllConnections();
    http.close();
  };
  const { port } = http.address() as { port: number };
  return { url: new URL(`http://127.0.0.1:${port}/api`), seen };
}

function tokens() {
  let given = 1;
  return {
    headers: async () => ({ authorization: `token ${given}` }),
    renew: () => {
      given++;
    },
  };
}

const open = (baseUrl: URL, settings: Partial<ApiSettings> = {}) =>
  openApi({ baseUrl, connections: 2, timeoutMs: 5000, ...settings }, fakeContext());
const json =
  (value: unknown, status = 200) =>
  (response: ServerResponse) =>
    response.writeHead(status).end(JSON.stringify(value));
const textOf = async (chunks: AsyncIterable<Uint8Array>) => {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
};

describe('calls', () => {
  test('renew their credentials once when the answer asks for it, by status or by what the platform says', async () => {
    const expired = json({ error: 602 });
    const { url, seen } = await server(expired, json({ ok: 1 }), expired);
    const said = (answer: { json: unknown }) => (answer.json as { error?: number }).error === 602;
    await using api = open(url, { authorization: tokens(), isUnauthorized: said, isSuccess: (answer) => !said(answer) });
    expect((await api.call({ path: 'x' })).json).toEqual({ ok: 1 });
    expect(seen.map(({ authorization }) => authorization)).toEqual(['token 1', 'token 2']);
    await expect(api.call({ path: 'x' })).rejects.toBeInstanceOf(RecordError);
    expect(seen).toHaveLength(4);
  });

  test('wait together when the platform says otherwise than by 429 that there are too many', async () => {
    const { url, seen } = await server(json({ error: 606 }), json({ ok: 1 }));
    await using api = open(url, {
      isSuccess: ({ json: body }) => !JSON.stringify(body).includes('error'),
      explain: () => ({ text: '606: too many', next: 'repeat', throttled: true }),
    });
    await expect(api.call({ path: 'x' })).rejects.toBeInstanceOf(RetryableError);
    await api.call({ path: 'x' });
    expect((seen[1]?.at ?? 0) - (seen[0]?.at ?? 0)).toBeGreaterThan(150);
  });
});

describe('downloads', () => {
  test('come as a stream, after the credentials were renewed', async () => {
    const large = Buffer.alloc(3_000_000, 'ä');
    const { url, seen } = await server(json({}, 401), (response) => response.end(large));
    await using api = open(url, { authorization: tokens() });
    expect(await textOf(api.download({ path: 'file' }))).toBe(large.toString());
    expect(seen.map(({ authorization }) => authorization)).toEqual(['token 1', 'token 2']);
  });

  test('that break off are for the caller to go on with, those refused are explained', async () => {
    const { url } = await server(
      (response) => {
        response.writeHead(200, { 'content-length': '1000' }).write('some');
        setImmediate(() => response.destroy());
      },
      json({ why: 'gone' }, 404),
    );
    await using api = open(url, { explain: ({ json: body }) => ({ text: String((body as { why: string }).why), next: 'fail' }) });
    await expect(textOf(api.download({ path: 'file' }))).rejects.toMatchObject({
      name: 'RetryableError',
      message: expect.stringContaining('cut the connection'),
    });
    const refused = textOf(api.download({ path: 'file' }));
    await expect(refused).rejects.toBeInstanceOf(FatalError);
    await expect(refused).rejects.toThrow('HTTP 404, gone.');
  });

  test('left early let their connection go', async () => {
    const { url, seen } = await server((response) => response.end(Buffer.alloc(5_000_000)));
    await using api = open(url, { connections: 1 });
    for (let i = 0; i < 3; i++) for await (const _ of api.download({ path: 'file' })) break;
    expect(seen).toHaveLength(3);
  });
});
