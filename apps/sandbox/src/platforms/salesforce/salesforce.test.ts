import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type PlatformsServer, startPlatforms } from '../start-platforms.ts';
import { demoSalesforce, salesforceWith } from './salesforce.ts';

let server: PlatformsServer<'salesforce'>;
beforeAll(async () => {
  server = await startPlatforms([salesforceWith({ callsPerDay: 20, pollsUntilDone: 2 })]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.salesforce.reset());

const xml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

async function soap(
  { username, password }: { username: string; password: string },
  { version = '58.0', headers = { soapaction: '""' } as Record<string, string> } = {},
) {
  const body = `<?xml version="1.0"?><e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><login xmlns="urn:partner.soap.sforce.com"><username>${xml(username)}</username><password>${xml(password)}</password></login></e:Body></e:Envelope>`;
  const answer = await fetch(`${server.platforms.salesforce.url}/services/Soap/u/${version}`, {
    method: 'POST',
    headers: { 'content-type': 'text/xml', ...headers },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}
const { username, password, token } = demoSalesforce;
const login = async () => /<sessionId>(.*)<\/sessionId>/.exec((await soap({ username, password: password + token })).text)?.[1] ?? '';

interface Sent {
  method?: string;
  body?: unknown;
  csv?: string;
}

async function call(path: string, session: string, { method, body, csv }: Sent = {}) {
  const content = csv ?? (body === undefined ? undefined : JSON.stringify(body));
  const answer = await fetch(`${server.platforms.salesforce.url}/services/data/v58.0/${path}`, {
    method: method ?? (content === undefined ? 'GET' : 'POST'),
    headers: { authorization: `Bearer ${session}`, 'content-type': csv === undefined ? 'application/json' : 'text/csv' },
    ...(content === undefined ? {} : { body: content }),
  });
  const text = await answer.text();
  return { status: answer.status, text, json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : undefined };
}
const contact = (fields: Record<string, unknown>) => ({ attributes: { type: 'Contact' }, ...fields });
const collection = (...records: unknown[]) => ({ allOrNone: false, records });
const codes = (results: { success: boolean; errors: { statusCode: string }[] }[]) =>
  results.map(({ success, errors }) => (success ? 'saved' : errors[0]?.statusCode));

describe('the stand-in of Salesforce', () => {
  it('opens sessions for its user only', async () => {
    expect((await soap({ username, password: `x${token}` })).text).toContain('<faultcode>sf:INVALID_LOGIN</faultcode>');
    expect((await soap({ username: 'nobody', password: password + token })).text).toContain('INVALID_LOGIN');
    expect((await soap({ username, password })).text).toContain('LOGIN_MUST_USE_SECURITY_TOKEN');
    expect((await soap({ username, password: password + token }, { version: '20.0' })).text).toContain('UNSUPPORTED_API_VERSION');
    expect((await soap({ username, password: password + token }, { headers: {} })).text).toContain('SOAPAction HTTP header missing');
    const { status, text } = await soap({ username, password: password + token });
    expect([status, text]).toEqual([200, expect.stringContaining('<serverUrl>http://127.0.0.1')]);
    expect(await call('sobjects/Contact/describe', 'x')).toMatchObject({ status: 401, json: [{ errorCode: 'INVALID_SESSION_ID' }] });
  });

  it('describes its objects and finds records by field', async () => {
    const session = await login();
    expect((await call('sobjects/Contact/describe', session)).json.fields).toContainEqual(
      expect.objectContaining({ name: 'UID__c', externalId: true }),
    );
    expect((await call('sobjects/Nope/describe', session)).status).toBe(404);
    const query = (q: string) => call(`query?q=${encodeURIComponent(q)}`, session);
    expect((await query("SELECT Id, UID__c FROM Contact WHERE Email IN ('seed.2@example.com', 'o\\'x')")).json).toMatchObject({
      totalSize: 1,
      records: [{ UID__c: 'seed-2' }],
    });
    expect((await query("SELECT Id FROM Account WHERE UID__c IN ('seed-0') AND IsPersonAccount = true")).json.totalSize).toBe(1);
    expect((await query('SELECT Id FROM Contact')).json).toMatchObject([{ errorCode: 'MALFORMED_QUERY' }]);
    expect((await query("SELECT Nope FROM Contact WHERE Id IN ('a')")).json).toMatchObject([{ errorCode: 'INVALID_FIELD' }]);
    expect((await query("SELECT Id FROM Nope WHERE Id IN ('a')")).json).toMatchObject([{ errorCode: 'INVALID_TYPE' }]);
    expect((await query(`SELECT Id FROM Contact WHERE Id IN ('${'a'.repeat(17_000)}')`)).status).toBe(431);
  });

  it('saves collections record by record, in their order', async () => {
    const session = await login();
    const upserted = await call('composite/sobjects/Contact/UID__c', session, {
      method: 'PATCH',
      body: collection(
        contact({ UID__c: 'new', LastName: 'N' }),
        contact({ uid__c: 'seed-0', FirstName: 'Ann' }),
        contact({ UID__c: 'none' }),
        contact({ LastName: 'no key' }),
        contact({ UID__c: 'a', LastName: 'x'.repeat(81) }),
        contact({ UID__c: 'b', LastName: 'B', Email: 'none' }),
        contact({ UID__c: 'twice', LastName: 'T' }),
        contact({ UID__c: 'TWICE', LastName: 'T' }),
      ),
    });
    expect(codes(upserted.json)).toEqual([
      'saved',
      'saved',
      'REQUIRED_FIELD_MISSING',
      'MISSING_ARGUMENT',
      'STRING_TOO_LONG',
      'INVALID_EMAIL_ADDRESS',
      'DUPLICATE_VALUE',
      'DUPLICATE_VALUE',
    ]);
    expect(upserted.json[2].errors[0]).toEqual({
      statusCode: 'REQUIRED_FIELD_MISSING',
      message: 'Required fields are missing: [LastName]',
      fields: ['LastName'],
    });
    const inserted = await call('composite/sobjects', session, {
      body: collection(contact({ LastName: 'I' }), contact({ LastName: 'I', UID__c: 'seed-2' })),
    });
    expect(codes(inserted.json)).toEqual(['saved', 'DUPLICATE_VALUE']);
    const updated = await call('composite/sobjects', session, {
      method: 'PATCH',
      body: collection(
        contact({ id: inserted.json[0].id, FirstName: 'F' }),
        contact({ id: '003000000000999AAA', FirstName: 'F' }),
        contact({ FirstName: 'F' }),
      ),
    });
    expect(codes(updated.json)).toEqual(['saved', 'INVALID_CROSS_REFERENCE_KEY', 'MISSING_ARGUMENT']);
  });

  it.each([
    ['an unknown field', 'composite/sobjects', collection(contact({ Nope: 1 })), 'INVALID_FIELD'],
    ['a value of another type', 'composite/sobjects', collection(contact({ Birth__c: '29.2.2024' })), 'JSON_PARSER_ERROR'],
    [
      'more than 200 records',
      'composite/sobjects',
      collection(...Array.from({ length: 201 }, () => contact({ LastName: 'L' }))),
      'EXCEEDED_ID_LIMIT',
    ],
    ['no list', 'composite/sobjects', {}, 'JSON_PARSER_ERROR'],
    ['an unknown object', 'composite/sobjects', collection({ attributes: { type: 'Nope' } }), 'INVALID_TYPE'],
    ['a key that is no external id', 'composite/sobjects/Contact/FirstName', collection(contact({ FirstName: 'F' })), 'NOT_FOUND'],
    ['an Id in an upsert', 'composite/sobjects/Contact/UID__c', collection(contact({ Id: '003', UID__c: 'a' })), 'INVALID_FIELD'],
  ])('refuses a call with %s and saves nothing', async (_what, path, body, errorCode) => {
    const before = JSON.stringify(server.platforms.salesforce.state().Contact);
    expect((await call(path, await login(), { method: path.endsWith('sobjects') ? 'POST' : 'PATCH', body })).json).toMatchObject([
      { errorCode },
    ]);
    expect(JSON.stringify(server.platforms.salesforce.state().Contact)).toBe(before);
  });

  it('runs ingest jobs: results in another order, each cell in quotes', async () => {
    const session = await login();
    const job = (
      await call('jobs/ingest', session, {
        body: { object: 'Contact', operation: 'upsert', externalIdFieldName: 'UID__c', contentType: 'CSV', lineEnding: 'LF' },
      })
    ).json;
    expect(job).toMatchObject({ state: 'Open', contentUrl: `services/data/v58.0/jobs/ingest/${job.id}/batches` });
    expect((await call(`jobs/ingest/${job.id}`, session, { method: 'PATCH', body: { state: 'UploadComplete' } })).json).toMatchObject([
      { errorCode: 'INVALIDJOBSTATE' },
    ]);
    const csv = 'UID__c,LastName,Birth__c\na,"A ""x"", y",\nseed-0,#N/A,\nb,B,29.2.2024\nseed-2,,2000-01-01\n';
    expect((await call(`jobs/ingest/${job.id}/batches`, session, { method: 'PUT', csv })).status).toBe(201);
    expect((await call(`jobs/ingest/${job.id}/batches`, session, { method: 'PUT', csv })).status).toBe(400);
    expect((await call(`jobs/ingest/${job.id}`, session, { method: 'PATCH', body: { state: 'UploadComplete' } })).json.state).toBe(
      'UploadComplete',
    );
    expect((await call(`jobs/ingest/${job.id}`, session)).json.state).toBe('InProgress');
    expect((await call(`jobs/ingest/${job.id}/failedResults`, session)).status).toBe(400);
    expect((await call(`jobs/ingest/${job.id}`, session)).json).toMatchObject({
      state: 'JobComplete',
      numberRecordsProcessed: 4,
      numberRecordsFailed: 2,
    });
    const results = async (name: string) => (await call(`jobs/ingest/${job.id}/${name}`, session)).text.trimEnd().split('\n');
    expect(await results('successfulResults')).toEqual([
      '"sf__Id","sf__Created","UID__c","LastName","Birth__c"',
      expect.stringMatching(/^"003\d+AAA","false","seed-2","","2000-01-01"$/),
      expect.stringMatching(/^"003\d+AAA","true","a","A ""x"", y",""$/),
    ]);
    expect(await results('failedResults')).toEqual([
      '"sf__Id","sf__Error","UID__c","LastName","Birth__c"',
      '"","INVALID_TYPE_ON_FIELD_IN_RECORD:Birth__c: value not of required type: 29.2.2024:Birth__c --","b","B","29.2.2024"',
      '"","REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --","seed-0","#N/A",""',
    ]);
    expect(await results('unprocessedrecords')).toEqual(['"UID__c","LastName","Birth__c"']);
  });

  it.each([
    ['an unknown object', { object: 'Nope', operation: 'insert' }],
    ['an unknown operation', { object: 'Contact', operation: 'merge' }],
    ['an upsert without external id', { object: 'Contact', operation: 'upsert' }],
    ['another format', { object: 'Contact', operation: 'insert', contentType: 'XML' }],
  ])('refuses a job with %s', async (_what, body) => {
    expect((await call('jobs/ingest', await login(), { body })).json).toMatchObject([{ errorCode: 'INVALIDJOB' }]);
  });

  it('fails a job with an unknown column and leaves its rows unprocessed', async () => {
    const session = await login();
    const { id } = (await call('jobs/ingest', session, { body: { object: 'Lead', operation: 'insert' } })).json;
    await call(`jobs/ingest/${id}/batches`, session, { method: 'PUT', csv: 'LastName,Nope\na,b\n' });
    await call(`jobs/ingest/${id}`, session, { method: 'PATCH', body: { state: 'UploadComplete' } });
    await call(`jobs/ingest/${id}`, session);
    expect((await call(`jobs/ingest/${id}`, session)).json).toMatchObject({
      state: 'Failed',
      errorMessage: 'InvalidBatch : Field name not found : Nope',
    });
    expect((await call(`jobs/ingest/${id}/unprocessedrecords`, session)).text).toBe('"LastName","Nope"\n"a","b"\n');
  });

  it('refuses calls past those of the day', async () => {
    const session = await login();
    for (let i = 0; i < 20; i++) expect((await call('sobjects/Lead/describe', session)).status).toBe(200);
    expect(await call('sobjects/Lead/describe', session)).toMatchObject({ status: 403, json: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }] });
  });
});
