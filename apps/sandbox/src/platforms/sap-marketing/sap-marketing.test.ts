import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlatformsServer, startPlatforms } from '../start-platforms.ts';
import { demoSapMarketing, sapMarketing } from './sap-marketing.ts';

let server: PlatformsServer<'sap-marketing'>;
beforeAll(async () => {
  server = await startPlatforms([sapMarketing]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms['sap-marketing'].reset());

const service = () => `${server.platforms['sap-marketing'].url}/sap/opu/odata/SAP/API_MKT_CONTACT_SRV;v=0004`;
const authorization = (password: string = demoSapMarketing.password) => `Basic ${btoa(`${demoSapMarketing.username}:${password}`)}`;

async function signIn(): Promise<Record<string, string>> {
  const answer = await fetch(`${service()}/`, { headers: { authorization: authorization(), 'x-csrf-token': 'Fetch' } });
  const cookie = answer.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  return { authorization: authorization(), 'x-csrf-token': answer.headers.get('x-csrf-token') ?? '', cookie };
}

const change = (line: string, body: object) => {
  const json = JSON.stringify(body);
  return `--c\r\nContent-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n\r\n${line} HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}\r\n`;
};
const batch = (...changesets: string[][]) =>
  `${changesets.map((changes) => `--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n${changes.join('')}--c--\r\n`).join('')}--b--\r\n`;
async function send(body: string, headers: Record<string, string> = {}) {
  const answer = await fetch(`${service()}/$batch`, {
    method: 'POST',
    headers: { 'content-type': 'multipart/mixed; boundary=b', ...(await signIn()), ...headers },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

const at = { OriginDataLastChgUTCDateTime: '2024-01-01T00:00:00Z' };
const key = "ContactOrigin='Gigya',ContactID='u1'";
const contact = (more: object = {}) => change(`PUT ContactOriginData(${key})`, { ...at, ...more });
const permission = (id: string) =>
  change(
    `PUT MarketingPermissions(${key},ContactPermissionID='${id}',ContactPermissionOrigin='EMAIL',MarketingArea='',CommunicationMedium='EMAIL')`,
    { PermissionGranted: 'Y', PermissionUTCDateTime: '2024-01-01T00:00:00Z' },
  );

describe('the SAP Marketing stand-in', () => {
  it('stores the changes of a changeset together', async () => {
    const { status, text } = await send(batch([contact({ FirstName: 'Zoë' }), permission('a@b.example')]));
    expect(status).toBe(202);
    expect(text.match(/HTTP\/1\.1 204 No Content/g)).toHaveLength(2);
    expect(server.platforms['sap-marketing'].state()).toMatchObject({
      ContactOriginData: [{ ContactID: 'u1', FirstName: 'Zoë' }],
      MarketingPermissions: [{ ContactPermissionID: 'a@b.example', PermissionGranted: 'Y' }],
    });
  });

  it('patches keep what they do not name, puts do not', async () => {
    await send(batch([contact({ FirstName: 'A', LastName: 'B' })]));
    await send(batch([change(`PATCH ContactOriginData(${key})`, { ...at, FirstName: 'C' })]));
    expect(server.platforms['sap-marketing'].state()).toMatchObject({ ContactOriginData: [{ FirstName: 'C', LastName: 'B' }] });
    await send(batch([contact({ FirstName: 'D' })]));
    expect(server.platforms['sap-marketing'].state()).toMatchObject({
      ContactOriginData: [expect.not.objectContaining({ LastName: 'B' })],
    });
  });

  it.each([
    ['an unknown property', [contact({ Nope: 'x' })], "Property 'Nope' is invalid"],
    ['a text too long', [contact({ FirstName: 'x'.repeat(41) })], "Property 'FirstName' has invalid value"],
    ['a wrong value', [contact({ GenderCode: 'm' })], "Property 'GenderCode' has invalid value 'm'"],
    ['no time of change', [change(`PUT ContactOriginData(${key})`, {})], "Mandatory property 'OriginDataLastChgUTCDateTime' is missing"],
    ['an unknown origin', [change("PUT ContactOriginData(ContactOrigin='X',ContactID='u1')", at)], 'Contact origin X is not known'],
    ['half a key', [change("PUT ContactOriginData(ContactID='u1')", at)], 'Invalid key predicate'],
    ['a broken key', [change("PUT ContactOriginData(ContactID='u'1',ContactOrigin='Gigya')", at)], 'Resource not found'],
    ['another method', [change(`POST ContactOriginData(${key})`, at)], "Method 'POST' not implemented"],
    ['a permission without contact', [permission('a@b.example')], 'Contact u1 with origin Gigya does not exist'],
    ['a wrong mail address', [contact(), permission('a.b')], 'E-mail address a.b is not valid'],
  ])('refuses a changeset with %s, and stores nothing of it', async (_what, changes, message) => {
    const { status, text } = await send(batch(changes));
    expect(status).toBe(202);
    expect(text).toContain(message);
    expect(server.platforms['sap-marketing'].state()).toMatchObject({ ContactOriginData: [], MarketingPermissions: [] });
  });

  it.each([
    ['a wrong password', { authorization: authorization('wrong') }, 401, 'Logon'],
    ['no token', { 'x-csrf-token': '' }, 403, 'CSRF token validation failed'],
    ['a token without its session', { cookie: '' }, 403, 'CSRF token validation failed'],
    ['a body of another type', { 'content-type': 'application/json' }, 400, 'not multipart/mixed'],
    ['another boundary', { 'content-type': 'multipart/mixed; boundary=x' }, 400, 'boundaries'],
  ])('refuses a call with %s', async (_what, headers, status, text) => {
    const answer = await send(batch([contact()]), headers);
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
  });

  it('knows no other service', async () => {
    const answer = await fetch(`${server.platforms['sap-marketing'].url}/sap/opu/odata/SAP/OTHER`, {
      headers: { authorization: authorization() },
    });
    expect([answer.status, await answer.text()]).toEqual([403, expect.stringContaining('No service found')]);
  });
});
