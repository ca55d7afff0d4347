import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { components, findComponent } from '#components';
import { type Component, type DataflowDocument, mapSecrets, type Step, traitsOf } from '#dataflow';
import { openAccess, runDataflow } from '#runtime';
import { fakeJob } from '#testing';
import { paramsTowards } from '#testing/params-towards.ts';

const marked = 'M4rk&d+S3cret/1';
/** Where only base64 is taken. */
const markedKey = Buffer.from('the M4rk&d account key').toString('base64');

const connecting = components.filter((component) => 'connect' in component && component.connect !== undefined);
const folder = mkdtempSync(path.join(tmpdir(), 'idsync-no-secrets-'));
let port = 0;
let answer = { status: 400, grantsTokens: false };

/** A platform that repeats in its refusals all it was sent, as some do. */
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => refuse(request, response, Buffer.concat(chunks).toString('utf8')));
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  writeFileSync(path.join(folder, 'in.json'), JSON.stringify([{ UID: 'u1', email: 'ann@example.com', newsletter: true }]));
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
  rmSync(folder, { recursive: true });
});

describe.each(connecting.map((component) => ({ type: component.type, component })))('$type', ({ component }) => {
  it.each([
    { status: 400, grantsTokens: false },
    { status: 403, grantsTokens: true },
    { status: 422, grantsTokens: true },
  ])(
    'tells no secret in trace, errors and error records when everything sent comes back ($status)',
    async (how) => {
      answer = how;
      const told = await run(component);
      expect(told).toMatch(/failed|refuse|Job has/);
      expect(secretsIn(told)).toEqual([]);
    },
    20_000,
  );
});

describe('the search for secrets', () => {
  it('finds them in every form', () => {
    const forms = [marked, encodeURIComponent(marked), new URLSearchParams({ marked }).toString(), JSON.stringify({ a: `x ${marked}` })];
    for (const form of forms) expect(secretsIn(`so ${form} so`)).not.toEqual([]);
    expect(secretsIn(`Basic ${Buffer.from(`user:${marked}`).toString('base64')}`)).not.toEqual([]);
    expect(secretsIn(`key ${markedKey}`)).not.toEqual([]);
    expect(secretsIn('nothing of the kind')).toEqual([]);
  });
});

/** Every place in a text, or in what base64 in it says, that holds a marked secret. */
function secretsIn(text: string): string[] {
  const decoded = [...text.matchAll(/[A-Za-z0-9+/_-]{8,}/g)].map(([piece]) => Buffer.from(piece, 'base64').toString('latin1'));
  return [text, ...decoded].flatMap((part) => [...part.matchAll(/.{0,60}(?:M4rk|S3cret).{0,20}/gs)].map(([place]) => place));
}

function refuse(request: IncomingMessage, response: ServerResponse, body: string): void {
  const url = request.url ?? '';
  const grants = answer.grantsTokens && /token|oauth/i.test(url);
  const text = `You sent ${request.method} ${url} ${JSON.stringify(request.headers)} ${body}`;
  const said = { message: text, error: text, error_description: text, Message: text, detail: text, title: text, errorMessage: text };
  const token = { access_token: 'granted', token_type: 'bearer', expires_in: 3600 };
  response.writeHead(grants ? 200 : answer.status, { 'content-type': 'application/json' });
  response.end(
    JSON.stringify(grants ? token : { ...said, errorCode: 400006, code: 400, errors: [{ code: 400, message: text, reason: text }] }),
  );
}

/** Runs the component between local files and returns all that anybody can see of the run. */
async function run(component: Component): Promise<string> {
  const name = `errors-${component.type}-${answer.status}`;
  const document: DataflowDocument = { name: 'A flow', steps: stepsAround(component, name) };
  const told: unknown[] = [];
  const last = await runDataflow({
    document: mapSecrets(
      document,
      (type) => {
        const found = findComponent(type);
        return found && traitsOf(found);
      },
      (value) => (value.includes('PRIVATE KEY') ? value : /^[\w+/]+={0,2}$/.test(value) && value.length % 4 === 0 ? markedKey : marked),
    ),
    components: findComponent,
    job: fakeJob,
    site: { apiKey: '3_key', userKey: 'user', secret: markedKey, apiDomain: `http://127.0.0.1:${port}` },
    logLevel: 'debug',
    access: openAccess(folder),
    signal: AbortSignal.timeout(4000),
    onTrace: (line) => told.push(line),
    onSnapshot: (snapshot) => told.push(snapshot),
  });
  const files = readdirSync(folder).filter((file) => file.startsWith(name));
  return JSON.stringify([...told, last, ...files.map((file) => readFileSync(path.join(folder, file), 'utf8'))]);
}

function stepsAround(component: Component, name: string): Step[] {
  const { type, kind } = component;
  const tested = { id: 'tested', type, params: paramsTowards(component, '127.0.0.1', port) };
  const readTo = (next: string) => ({
    id: 'files',
    type: 'datasource.read.local',
    params: { path: '.', fileNameRegex: 'in.json' },
    next: [next],
  });
  if (kind === 'reader') return [tested];
  if (kind === 'writer' && component.accepts === 'files') return [readTo('tested'), tested];
  return [
    readTo('records'),
    { id: 'records', type: 'file.parse.json', params: {}, next: ['tested'] },
    { ...tested, error: ['lines'] },
    { id: 'lines', type: 'file.format.json', params: { fileName: `${name}.json` }, next: ['kept'] },
    { id: 'kept', type: 'datasource.write.local', params: { path: '.' } },
  ];
}
