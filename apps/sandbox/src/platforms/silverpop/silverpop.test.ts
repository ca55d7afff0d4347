import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlatformsServer, startPlatforms } from '../start-platforms.ts';
import { demoSilverpop, silverpopWith } from './silverpop.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'idsync-silverpop-'));
let now = Date.UTC(2024, 1, 29);
let server: PlatformsServer<'silverpop'>;
beforeAll(async () => {
  server = await startPlatforms([silverpopWith({ folder, pollsUntilDone: 2, parallelCalls: 1 })], { clock: () => now });
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.silverpop.reset());

async function token(more: Record<string, string> = {}) {
  const { clientId, clientSecret, refreshToken } = demoSilverpop;
  const grant = { grant_type: 'refresh_token', client_id: clientId, client_secret: clientSecret, refresh_token: refreshToken, ...more };
  const answer = await fetch(`${server.platforms.silverpop.url}/oauth/token`, { method: 'POST', body: new URLSearchParams(grant) });
  return (await answer.json()) as { access_token?: string; error?: string };
}
async function call(body: string, { bearer, type = 'text/xml;charset=UTF-8' }: { bearer?: string; type?: string } = {}) {
  const authorization = `Bearer ${bearer ?? (await token()).access_token}`;
  const answer = await fetch(`${server.platforms.silverpop.url}/XMLAPI`, {
    method: 'POST',
    headers: { authorization, 'content-type': type },
    body,
  });
  return `${answer.status} ${await answer.text()}`;
}
const xml = (...actions: string[]) => `<Envelope><Body>${actions.join('')}</Body></Envelope>`;
const column = (name: string, value: string) => `<COLUMN><NAME>${name}</NAME><VALUE>${value}</VALUE></COLUMN>`;
const add = (columns: string, { list = '59294', from = '1', update = 'true', sync = '' } = {}) =>
  `<AddRecipient><LIST_ID>${list}</LIST_ID><CREATED_FROM>${from}</CREATED_FROM><UPDATE_IF_FOUND>${update}</UPDATE_IF_FOUND>${sync}${columns}</AddRecipient>`;
const mail = column('EMAIL', 'new@example.com');

describe('the Silverpop stand-in', () => {
  it('adds, updates, opts out and opts in again, each action with its own result', async () => {
    const optOut = '<OptOutRecipient><LIST_ID>59294</LIST_ID><EMAIL>new@example.com</EMAIL></OptOutRecipient>';
    const text = await call(xml(add(mail), add(mail + column('City', 'Köln &amp; Bonn')), optOut));
    expect(text.match(/<SUCCESS>TRUE/g)).toHaveLength(3);
    expect(server.platforms.silverpop.state().changed).toEqual([{ EMAIL: 'new@example.com', City: 'Köln & Bonn', optedOut: true }]);
    await call(xml(add(mail, { from: '2' })));
    expect(server.platforms.silverpop.state().changed).toMatchObject([{ optedOut: false }]);
  });

  it.each([
    ['an unknown column', add(mail + column('Nope', '1')), 'Column Nope does not exist'],
    ['a column in other letters', add(mail + column('city', '1')), 'Column city does not exist'],
    ['a wrong value', add(mail + column('Subscribed', 'true')), 'Invalid value for column Subscribed'],
    ['a wrong address', add(column('EMAIL', 'x')), 'Email address is not valid'],
    ['no key', add(column('City', 'x')), 'All key columns are not present'],
    ['no sync field', add(mail, { list: '60002' }), 'Sync fields are required'],
    ['an unknown list', add(mail, { list: '1' }), 'Database ID is not valid'],
    ['a wrong origin', add(mail, { from: '9' }), 'Invalid value for CREATED_FROM'],
    ['an existing contact', add(mail) + add(mail, { update: 'false' }), 'Recipient already exists'],
    ['a stranger to opt out', '<OptOutRecipient><LIST_ID>59294</LIST_ID><EMAIL>nobody@x.example</EMAIL></OptOutRecipient>', 'not a member'],
    ['an unknown action', '<Nope/>', 'Invalid XML Request'],
    ['an unknown export type', '<ExportList><LIST_ID>59294</LIST_ID><EXPORT_TYPE>X</EXPORT_TYPE></ExportList>', 'Invalid EXPORT_TYPE'],
    ['an unknown job', '<GetJobStatus><JOB_ID>1</JOB_ID></GetJobStatus>', 'Job does not exist'],
  ])('refuses %s', async (_what, action, message) => {
    const text = await call(xml(action));
    expect(text).toContain('<SUCCESS>false</SUCCESS></RESULT><Fault>');
    expect(text).toContain(message);
  });

  it.each([
    ['broken XML', '<Envelope><Body>', {}, '200 '],
    ['tags in other letters', '<envelope><body><Nope/></body></envelope>', {}, '200 '],
    ['another content type', xml(add(mail)), { type: 'application/json' }, '200 '],
    ['a wrong token', xml(add(mail)), { bearer: 'x' }, '401 '],
  ])('refuses a call with %s as a whole', async (_what, body, options, begin) => {
    const text = await call(body, options);
    expect(text.startsWith(begin)).toBe(true);
    expect(text).toMatch(/Invalid (XML Request|access token)/);
  });

  it('refuses wrong credentials and tokens that have expired', async () => {
    expect(await token({ client_id: 'x' })).toMatchObject({ error: 'invalid_client' });
    expect(await token({ client_secret: 'x' })).toMatchObject({ error: 'invalid_client' });
    expect(await token({ refresh_token: 'x' })).toMatchObject({ error: 'invalid_grant' });
    const { access_token: bearer = '' } = await token();
    now += 14_401_000;
    expect(await call(xml(add(mail)), { bearer })).toContain('Your access token has expired');
  });

  it('refuses more calls at a time than are allowed', async () => {
    const { access_token: bearer = '' } = await token();
    const body = xml('<GetListMetaData><LIST_ID>59294</LIST_ID></GetListMetaData>');
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'text/xml', 'content-length': String(body.length) };
    const slow = request(`${server.platforms.silverpop.url}/XMLAPI`, { method: 'POST', headers });
    const before = server.platforms.silverpop.requestCount();
    slow.flushHeaders();
    while (server.platforms.silverpop.requestCount() === before) await new Promise((resolve) => setImmediate(resolve));
    expect(await call(body, { bearer })).toContain('max number of concurrent');
    slow.end(body);
    const [answer] = (await once(slow, 'response')) as [IncomingMessage];
    expect((await answer.toArray()).join('')).toContain('<NAME>Newsletter</NAME>');
  });

  it('exports chosen columns of what changed, once the job is done', async () => {
    await call(xml(add(mail)));
    const columns = '<EXPORT_COLUMNS><COLUMN>EMAIL</COLUMN><COLUMN>City</COLUMN></EXPORT_COLUMNS>';
    const started = await call(
      xml(
        `<ExportList><LIST_ID>59294</LIST_ID><EXPORT_TYPE>ALL</EXPORT_TYPE><EXPORT_FORMAT>CSV</EXPORT_FORMAT><DATE_START>02/28/2024</DATE_START>${columns}</ExportList>`,
      ),
    );
    const file = path.join(folder, /<FILE_PATH>([^<]*)/.exec(started)?.[1] ?? '');
    const status = () => call(xml('<GetJobStatus><JOB_ID>499600</JOB_ID></GetJobStatus>'));
    expect(await status()).toContain('RUNNING');
    expect(existsSync(file)).toBe(false);
    expect(await status()).toContain('COMPLETE');
    expect(readFileSync(file, 'utf8')).toBe('EMAIL,City\nnew@example.com,\n');
  });
});
