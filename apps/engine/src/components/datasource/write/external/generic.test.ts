import { createServer, type IncomingHttpHeaders } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { type DataRecord, errorCodes, FatalError, type Json, RetryableError } from '#dataflow';
import { runComponent } from '#testing';
import writer from './generic.ts';

interface Asked {
  method: string | undefined;
  path: string | undefined;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: Json;
}

let stop: (() => void) | undefined;
afterEach(() => stop?.());

/** An endpoint that answers as told and keeps what it was asked. */
async function endpoint(answer: (asked: Asked) => Answer = () => ({})) {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const seen = { method: request.method, path: request.url, headers: request.headers, body: Buffer.concat(parts).toString() };
      asked.push(seen);
      const { status = 200, headers = {}, body } = answer(seen);
      response.writeHead(status, headers).end(body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  stop = () => {
    server.closeAllConnections();
    server.close();
  };
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/in`, asked };
}

const people = (count: number): DataRecord[] => Array.from({ length: count }, (_, i) => ({ UID: `u${i}`, name: `Zoë ${i}` }));
const write = (params: DataRecord, records: DataRecord[]) => runComponent(writer, { params, records });

describe('writing to an HTTP endpoint', () => {
  test('sends JSON arrays of at most batchSize records and passes the records on as they came', async () => {
    const { url, asked } = await endpoint();
    const run = await write({ url, batchSize: 4 }, people(10));
    expect(run.records).toEqual(people(10));
    expect(asked.map(({ body }) => JSON.parse(body).length)).toEqual([4, 4, 2]);
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/in', headers: { 'content-type': 'application/json' } });
    expect(asked.flatMap(({ body }) => JSON.parse(body))).toEqual(people(10));
  });

  test('sends one record a line, or one a request, with the method asked for', async () => {
    const { url, asked } = await endpoint();
    await write({ url, bodyFormat: 'lines' }, people(2));
    expect(asked[0]?.body).toBe('{"UID":"u0","name":"Zoë 0"}\n{"UID":"u1","name":"Zoë 1"}\n');
    expect(asked[0]?.headers['content-type']).toBe('application/x-ndjson');
    await write({ url, bodyFormat: 'single', method: 'PUT' }, people(2));
    expect(asked.slice(1).map(({ method, body }) => [method, JSON.parse(body).UID])).toEqual([
      ['PUT', 'u0'],
      ['PUT', 'u1'],
    ]);
  });

  test('fills placeholders of the address and sends headers and each kind of credentials', async () => {
    const { url, asked } = await endpoint();
    await write({ url: `${url}/\${jobId}?x=1`, headers: [{ name: 'X-Source', value: 'test' }] }, people(1));
    expect(asked[0]).toMatchObject({ path: '/in/0123456789abcdef0123456789abcdef?x=1', headers: { 'x-source': 'test' } });
    for (const authentication of [
      { type: 'basic', username: 'ann', password: 'pässword' },
      { type: 'bearer', token: 'tok' },
      { type: 'apiKey', token: 'key', headerName: 'X-Key' },
    ]) {
      await write({ url, authentication }, people(1));
    }
    expect(asked[1]?.headers.authorization).toBe(`Basic ${Buffer.from('ann:pässword').toString('base64')}`);
    expect(asked[2]?.headers.authorization).toBe('Bearer tok');
    expect(asked[3]?.headers['x-key']).toBe('key');
  });

  test('credentials that lack a part, and an address that is none, are refused before anything is sent', async () => {
    await expect(write({ url: 'https://x.example', authentication: { type: 'bearer' } }, people(1))).rejects.toThrow(
      /authentication.token/,
    );
    await expect(write({ url: 'ftp://x.example?key=hidden' }, people(1))).rejects.toThrow(/params.url: .*not a web address/);
    await expect(write({ url: 'https://ann:word@x.example' }, people(1))).rejects.toThrow(/params.url: .*no user name or password/);
  });

  test('records that the answer lists go to the error path with their code and text, the others on', async () => {
    const { url } = await endpoint(() => ({
      body: { result: { failed: [{ id: 'u1', code: 400_124, message: 'full' }, { id: 'u3', code: 'DUP' }, { id: 'unknown' }] } },
    }));
    const run = await write({ url, failuresPath: 'result.failed', failureKey: 'id', recordKey: 'UID' }, people(5));
    expect(run.records.map(({ UID }) => UID)).toEqual(['u0', 'u2', 'u4']);
    expect(run.errors).toMatchObject([
      { UID: 'u1', name: 'Zoë 1', _errorDetails: { errorCode: 400_124, errorMessage: 'full' } },
      {
        UID: 'u3',
        _errorDetails: {
          errorCode: errorCodes.targetRefused,
          errorMessage: 'The target refused the record with code DUP.',
        },
      },
    ]);
  });

  test('an answer may be the list itself, of plain keys, and numbers match numbers', async () => {
    const { url } = await endpoint(() => ({ body: [7] }));
    const run = await write({ url, failuresPath: '.' }, [{ id: 7 }, { id: 8 }]);
    expect(run.records).toEqual([{ id: 8 }]);
    const nested = await endpoint(() => ({ body: { failed: [7] } }));
    const found = await write({ url: nested.url, failuresPath: 'failed' }, [{ id: 7 }, { id: 8 }]);
    expect(found.records).toEqual([{ id: 8 }]);
  });

  test('one key name is enough when list and record share it', async () => {
    const { url } = await endpoint(() => ({ body: { failed: [{ UID: 'u0' }] } }));
    for (const key of ['failureKey', 'recordKey']) {
      expect((await write({ url, failuresPath: 'failed', [key]: 'UID' }, people(2))).records).toEqual(people(2).slice(1));
    }
  });

  test('a request that one record spoils is halved: only that record fails, with status and text', async () => {
    const { url, asked } = await endpoint(({ body }) => (body.includes('"u5"') ? { status: 422, body: 'no such person' } : {}));
    const run = await write({ url, batchSize: 8 }, people(16));
    expect(run.records.map(({ UID }) => UID)).toEqual(
      people(16)
        .map(({ UID }) => UID)
        .filter((UID) => UID !== 'u5'),
    );
    expect(run.errors).toHaveLength(1);
    expect(run.errors[0]).toMatchObject({ UID: 'u5', _errorDetails: { errorCode: errorCodes.targetRefused } });
    expect(JSON.stringify(run.errors[0])).toContain('HTTP 422, no such person');
    expect(asked.length).toBeLessThanOrEqual(2 * Math.log2(8) + 1 + 1);
  });

  test('a refusal that no single record can cause rejects all records of its request at once, and the next one goes on', async () => {
    const { url, asked } = await endpoint(({ body }) => (body.includes('u0') ? { status: 404, body: 'no such list' } : {}));
    const run = await write({ url, batchSize: 2 }, people(4));
    expect(run.records.map(({ UID }) => UID)).toEqual(['u2', 'u3']);
    expect(run.errors).toHaveLength(2);
    expect(asked).toHaveLength(2);
  });

  test('values of the record stand in address and body', async () => {
    const { url, asked } = await endpoint();
    const body = `{"source": "identity", "name": "\${record.name}", "whole": \${record}}`;
    await write({ url: `${url}/\${record.UID}?list=a`, method: 'PUT', body }, [{ UID: 'u/1', name: 'Zoë "Z"' }, { UID: 'u2' }]);
    expect(asked.map(({ path }) => path).toSorted()).toEqual(['/in/u%2F1?list=a', '/in/u2?list=a']);
    expect(asked.map((request) => JSON.parse(request.body)).find(({ whole }) => whole.UID === 'u/1')).toEqual({
      source: 'identity',
      name: 'Zoë "Z"',
      whole: { UID: 'u/1', name: 'Zoë "Z"' },
    });
    const batches = await endpoint();
    await write({ url: batches.url, body: `{"contacts": \${records}}`, batchSize: 10 }, people(3));
    expect(batches.asked.map((request) => JSON.parse(request.body))).toEqual([{ contacts: people(3) }]);
  });

  test('a host that comes from a record, and a body that is no JSON, are refused before the job starts', () => {
    const faults = (params: DataRecord) => writer.params.safeParse(params).error?.issues.map(({ path, message }) => [path[0], message]);
    expect(faults({ url: `https://\${record.host}/x` })).toEqual([['url', 'The host cannot come from a record. Give it as it is.']]);
    expect(faults({ url: 'https://x.example', body: '{' })?.[0]?.[1]).toMatch(/is not JSON/);
  });

  test('a token is fetched, shared by all requests, and renewed when it is refused', async () => {
    let issued = 0;
    let used = 0;
    const { url } = await endpoint(({ path, headers }) => {
      if (path === '/token') return { body: { access_token: `t${++issued}` } };
      if (headers.authorization === 'Bearer t1' && ++used > 2) return { status: 401 };
      return {};
    });
    const authUrl = url.replace('/in', '/token');
    const authentication = { type: 'oauth2', authUrl, clientId: 'id', clientSecret: 'sesame' };
    const run = await write({ url, batchSize: 1, maxConnections: 1, authentication }, people(4));
    expect([run.records.length, issued]).toEqual([4, 2]);
  });

  test('a failure that comes with HTTP 200 is told by the success test', async () => {
    const { url } = await endpoint(({ body }) => ({ body: { ok: !body.includes('u1'), why: 'not today' } }));
    const run = await write({ url, bodyFormat: 'single', successTest: 'body.ok eq true' }, people(3));
    expect(run.records.map(({ UID }) => UID).toSorted()).toEqual(['u0', 'u2']);
    expect(JSON.stringify(run.errors)).toContain('not today');
  });

  test('requests keep the pace that is set', async () => {
    const { url, asked } = await endpoint();
    const start = performance.now();
    await write({ url, bodyFormat: 'single', callsPerSecond: 100 }, people(21));
    expect(asked).toHaveLength(21);
    // Twenty pauses of ten milliseconds at least; how much longer depends on the machine and is not asked.
    expect(performance.now() - start).toBeGreaterThanOrEqual(199);
  });

  test.each([408, 429, 500, 503])('HTTP %i is for the engine to repeat, after Retry-After when it is given', async (status) => {
    const { url } = await endpoint(() => ({ status, headers: { 'retry-after': '7' } }));
    await expect(write({ url }, people(1))).rejects.toMatchObject({ name: 'RetryableError', retryAfterMs: 7000 });
  });

  test('an endpoint that is not there, and one that never answers, are for the engine to repeat', async () => {
    await expect(write({ url: 'http://127.0.0.1:1/in' }, people(1))).rejects.toBeInstanceOf(RetryableError);
    const server = createServer(() => {}).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    stop = () => {
      server.closeAllConnections();
      server.close();
    };
    const { port } = server.address() as { port: number };
    await expect(write({ url: `http://127.0.0.1:${port}`, timeout: 1 }, people(1))).rejects.toMatchObject({ code: errorCodes.timeout });
  });

  test('refused credentials and redirects end the job, without the token in the text', async () => {
    const { url } = await endpoint(() => ({ status: 401 }));
    const refused = await write({ url: `${url}?key=hidden`, authentication: { type: 'bearer', token: 'secret-token' } }, people(1)).catch(
      (thrown) => thrown,
    );
    expect(refused).toBeInstanceOf(FatalError);
    expect(String(refused)).not.toMatch(/hidden|secret-token/);
    const moved = await endpoint(() => ({ status: 307, headers: { location: 'http://127.0.0.1/elsewhere?key=hidden' } }));
    await expect(write({ url: moved.url }, people(1))).rejects.toThrow(
      /sends requests on: HTTP 307.* It names http:\/\/127.0.0.1\/elsewhere;/,
    );
  });

  test('adds the answer to each record as _response, JSON or text', async () => {
    const { url } = await endpoint(() => ({ body: { ok: true } }));
    const run = await write({ url, addResponse: true }, people(2));
    expect(run.records.map(({ _response }) => _response)).toEqual([{ ok: true }, { ok: true }]);
    const plain = await endpoint(() => ({ body: 'thanks' }));
    expect((await write({ url: plain.url, addResponse: true }, people(1))).records[0]?._response).toBe('thanks');
  });
});
