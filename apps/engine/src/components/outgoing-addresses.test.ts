import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { components } from '#components';
import {
  type Component,
  type ConnectContext,
  type Connection,
  type DataRecord,
  errorCodes,
  FatalError,
  readParams,
  type StepContext,
  traitsOf,
} from '#dataflow';
import { fakeContext, fileOf, leakCheck } from '#testing';
import { paramsTowards } from '#testing/params-towards.ts';

type Connecting = Component & { connect(params: unknown, ctx: ConnectContext): Promise<Connection> };

const connecting = components
  .filter((component): component is Connecting => 'connect' in component && component.connect !== undefined)
  .map((component) => ({ type: component.type, component }));
const speaksHttp = connecting.filter(({ type }) => !/ftp$/.test(type));

/** Where nothing of ours may connect to: it counts whoever does. */
const FORBIDDEN = '127.0.0.2';
const forbidden = { server: createServer((socket) => socket.destroy()), port: 0, connections: 0 };
/** Takes connections and never says a word. */
const silent = { server: createServer(), port: 0 };
/** Answers everything with the addresses of the forbidden place. */
const misleading = { server: createHttpServer(), port: 0 };

const listen = (server: Server, host: string) =>
  new Promise<number>((resolve) => server.listen(0, host, () => resolve((server.address() as AddressInfo).port)));

beforeAll(async () => {
  forbidden.server.on('connection', () => forbidden.connections++);
  forbidden.port = await listen(forbidden.server, FORBIDDEN);
  silent.port = await listen(silent.server, '127.0.0.1');
  misleading.server.on('request', mislead);
  misleading.port = await listen(misleading.server, '127.0.0.1');
});
beforeEach(() => {
  forbidden.connections = 0;
});
afterAll(() => {
  misleading.server.closeAllConnections();
  for (const { server } of [forbidden, silent, misleading]) server.close();
});

describe.each(connecting)('$type', ({ component }) => {
  it.each([FORBIDDEN, '127.2', '0x7f000002', '2130706434', '0177.0.0.2', '[::ffff:127.0.0.2]', 'localhost', '169.254.169.254'])(
    'does not connect to %s when the operator does not allow it',
    async (host) => {
      await expect(tried(component, paramsTowards(component, host, forbidden.port), { allowed: [] })).rejects.toMatchObject({
        code: errorCodes.notAllowed,
      });
      expect(forbidden.connections).toBe(0);
    },
  );

  it('ends soon, with nothing left open, when it is stopped while the other side is silent', async () => {
    await leakCheck(async () => {
      const controller = new AbortController();
      const stop = () => controller.abort();
      silent.server.once('connection', stop);
      try {
        const params = paramsTowards(component, '127.0.0.1', silent.port);
        const stopped = tried(component, params, { allowed: ['127.0.0.1'], signal: controller.signal });
        await expect(stopped).rejects.toMatchObject({ code: errorCodes.cancelled });
      } finally {
        silent.server.off('connection', stop);
      }
    });
  }, 10_000);
});

describe.each(speaksHttp)('$type', ({ component }) => {
  it.each([200, 201, 302, 307])('goes nowhere else when an answer (%i) names a place that is not allowed', async (status) => {
    answerStatus = status;
    const params = paramsTowards(component, '127.0.0.1', misleading.port);
    const signal = AbortSignal.timeout(700);
    await used(component, params, { allowed: ['127.0.0.1'], signal }).catch(() => {});
    expect(forbidden.connections).toBe(0);
  });
});

interface Tried {
  allowed: readonly string[];
  signal?: AbortSignal;
}

function contextOf(params: DataRecord, component: Component, { allowed, signal }: Tried): StepContext<never, never> {
  const read = readParams(traitsOf(component), params);
  if (read.params === undefined) throw new Error(read.issues.map(({ field, message }) => `${field}: ${message}`).join(' '));
  const site = { apiKey: '3_key', userKey: 'user', secret: 'c2VjcmV0', apiDomain: String(params.apiDomain) };
  const base = fakeContext({ params: read.params, site, ...(signal ? { signal } : {}) });
  const address = (host: string, found: string) => {
    if (!allowed.includes(found)) throw new FatalError(`${host} is ${found}, which is not allowed.`, { code: 'notAllowed' });
  };
  return { ...base, access: { ...base.access, address } } as unknown as StepContext<never, never>;
}

/** Opens the connection, proves it, closes it. */
async function tried(component: Connecting, params: DataRecord, how: Tried): Promise<void> {
  const ctx = contextOf(params, component, how);
  await using connection = await component.connect(ctx.params, ctx);
  await connection.test();
}

/** The same, and puts the component to work. */
async function used(component: Connecting, params: DataRecord, how: Tried): Promise<void> {
  const ctx = contextOf(params, component, how);
  await using connection = await component.connect(ctx.params, ctx);
  await connection.test().catch(() => {});
  await work(component, { ...ctx, connection } as unknown as StepContext<never, never>);
}

async function work(component: Component, ctx: StepContext<never, never>): Promise<void> {
  const record: DataRecord = { UID: 'u1', email: 'ann@example.com', profile: { email: 'ann@example.com' } };
  if (component.kind === 'lookup') await component.lookup([record], ctx);
  if (component.kind === 'reader' && component.emits === 'records') for await (const _ of component.read(ctx));
  if (component.kind === 'reader' && component.emits === 'files')
    for await (const { item } of component.read(ctx)) for await (const _ of item.read());
  if (component.kind === 'writer' && component.accepts === 'records') await component.write([record], ctx);
  if (component.kind === 'writer' && component.accepts === 'files') await component.write(fileOf('a.txt', 'a'), ctx);
}

let answerStatus = 200;

/** Every field in which a platform tells where to go on. */
function mislead(request: IncomingMessage, response: ServerResponse): void {
  const to = `http://${FORBIDDEN}:${forbidden.port}`;
  const headers = { location: `${to}/moved`, link: `<${to}/next>; rel="next"`, 'x-ms-request-id': '1', etag: '"1"' };
  request.resume();
  request.on('end', () => {
    const path = request.url ?? '';
    if (path.includes('/Soap/')) {
      response.writeHead(answerStatus, { ...headers, 'content-type': 'text/xml' });
      response.end(
        `<Envelope><Body><loginResponse><result><serverUrl>${to}/services/Soap/u/58.0/00D</serverUrl><sessionId>s</sessionId></result></loginResponse></Body></Envelope>`,
      );
      return;
    }
    response.writeHead(answerStatus, { ...headers, 'content-type': 'application/json' });
    response.end(
      JSON.stringify({
        ...{ access_token: 't', token_type: 'bearer', expires_in: 3600, accessToken: 't', expiresIn: 3600 },
        ...{
          rest_instance_url: `${to}/`,
          instance_url: to,
          soap_instance_url: to,
          serverUrl: to,
          apiDomain: `${FORBIDDEN}:${forbidden.port}`,
        },
        ...{ errorCode: 301001, statusCode: 301, uri: `${to}/c?sv=1&sp=rwlc&sig=x`, url: to, href: to, id: 'x', state: 'completed' },
        ...{
          next: to,
          next_page: to,
          nextPage: to,
          nextRecordsUrl: to,
          nextLink: to,
          'odata.nextLink': to,
          _links: { next: { href: to } },
        },
        ...{
          paging: { next: to },
          d: { results: [], __next: to },
          results: [],
          Results: [],
          contacts: [],
          members: [],
          items: [],
          data: [],
        },
        ...{
          success: true,
          result: [{ status: 'Completed', exportId: 'e', fileUri: to, downloadUrl: to }],
          resultUri: to,
          nextPageToken: to,
        },
      }),
    );
  });
}
