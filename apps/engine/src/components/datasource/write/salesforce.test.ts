import { demoSalesforce, type PlatformsServer, salesforceWith, startPlatforms } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { openSalesforceWriter } from '#connectors/salesforce/deliver.ts';
import { type DataRecord, FatalError } from '#dataflow';
import { fakeContext, type LogEntry, leakCheck, runComponent } from '#testing';
import { requestShapes } from '#testing/request-shapes.ts';
import { runWriter } from '#testing/run-writer.ts';
import writer from './salesforce.ts';

let server: PlatformsServer<'salesforce'>;
beforeAll(async () => {
  server = await startPlatforms([salesforceWith({})]);
});
afterAll(() => server.stop());
beforeEach(() => server.platforms.salesforce.reset());

const endpoint = () => `${server.platforms.salesforce.url}/services/Soap/u/58.0`;
const settings = (): DataRecord => ({
  ...demoSalesforce,
  authEndpoint: endpoint(),
  objectType: 'contact',
  primaryId: 'UID__c',
  lookupId: 'Email',
});
const write = (records: DataRecord[], params: DataRecord = {}) =>
  runComponent(writer, { params: { ...settings(), ...params }, records, batchSize: 5000 });
/** In a job, with the runtime's repetitions. */
const writeInJob = (records: DataRecord[], params: DataRecord = {}) => runWriter(writer, { params: { ...settings(), ...params }, records });
const person = (n: number): DataRecord => ({ UID__c: `u${n}`, Email: `new.${n}@example.com`, LastName: `Zoë "${n}", jr.` });
const people = (count: number, from = 0) => Array.from({ length: count }, (_, n) => person(n + from));
type Type = 'Contact' | 'Lead' | 'Account';
const created = (type: Type = 'Contact') => server.platforms.salesforce.state()[type] as DataRecord[];
const seeded = (type: Type = 'Contact') => (server.platforms.salesforce.state().seeded as Record<string, DataRecord[]>)[type] ?? [];
const jobs = () => server.platforms.salesforce.state().jobs;
const calls = () =>
  server.platforms.salesforce.requests.map(
    ({ method, path }) => `${method} ${path.replace(/^\/services\/data\/v58\.0\//, '').replace(/\?.*/, '')}`,
  );
const details = (record: DataRecord | undefined) => record?._errorDetails;
const refusal = (text: string) => ({ errorCode: 400009, errorMessage: `Update failed.Error: ${text}` });

describe('writing to Salesforce by calls of 200', () => {
  test('logs in, looks up, and creates what is not there; records pass on as they came', async () => {
    const run = await write(people(450));
    expect(run.records).toEqual(people(450));
    expect(created().map(({ Id, ...fields }) => fields)).toEqual(people(450));
    expect(calls()).toEqual([
      'POST /services/Soap/u/58.0',
      'GET sobjects/Contact/describe',
      ...Array(3).fill(['GET query', 'PATCH composite/sobjects/Contact/UID__c']).flat(),
    ]);
  });

  test('finds an object by the primary id, else by the lookup id, else makes one', async () => {
    const run = await write([
      { UID__c: 'seed-2', Email: 'changed@example.com', FirstName: 'by primary' },
      { UID__c: 'fresh', Email: 'SEED.1@example.com', FirstName: 'by lookup' },
      { UID__c: 'seed-4', Email: 'seed.3@example.com', FirstName: 'by primary, not by lookup' },
      { Email: 'seed.5@example.com', FirstName: 'by lookup alone' },
      { Email: 'nobody@example.com', LastName: 'made without primary' },
      { UID__c: 'new', LastName: 'made' },
    ]);
    expect(run.errors).toEqual([]);
    const seeds = seeded();
    expect(seeds[2]).toMatchObject({ UID__c: 'seed-2', Email: 'changed@example.com', FirstName: 'by primary', LastName: 'Seed 2' });
    expect(seeds[1]).toMatchObject({ UID__c: 'fresh', FirstName: 'by lookup' });
    expect(seeds[4]).toMatchObject({ UID__c: 'seed-4', Email: 'seed.3@example.com' });
    expect(seeds[3]).not.toHaveProperty('FirstName');
    expect(seeds[5]).toMatchObject({ FirstName: 'by lookup alone' });
    expect(created().map(({ LastName }) => LastName)).toEqual(['made', 'made without primary']);
  });

  test('several objects with the lookup id refuse the record', async () => {
    const run = await write([{ UID__c: 'x', Email: 'seed.twice@example.com', LastName: 'X' }, person(1)]);
    expect(run.records).toEqual([person(1)]);
    expect(run.errors.map(details)).toEqual([
      {
        errorCode: 400009,
        errorMessage: expect.stringMatching(/^2 records of Contact have Email seed\.twice@example\.com: 003\w+, 003\w+\. Merge them/),
      },
    ]);
  });

  test('refused records have the code and text of the original, the others are written', async () => {
    const run = await write([
      person(0),
      { UID__c: 'a', Email: 'a@example.com' },
      { ...person(2), Email: 'none' },
      { ...person(3), LastName: 'x'.repeat(81) },
      { ...person(4), Id: '003000000000000AAA' },
      { ...person(5), Nope__c: 1 },
      { LastName: 'no key' },
      { ...person(7), UID__c: null },
    ]);
    expect(run.records).toEqual([person(0), { ...person(4), Id: '003000000000000AAA' }, { ...person(7), UID__c: null }]);
    expect(run.errors.map(details)).toEqual(
      expect.arrayContaining([
        refusal('REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --'),
        refusal('INVALID_EMAIL_ADDRESS:Email: invalid email address: none:Email --'),
        refusal(`STRING_TOO_LONG:LastName: data value too large: ${'x'.repeat(60)} (max length=80):LastName --`),
        refusal("INVALID_FIELD:No such column 'Nope__c' on sobject of type Contact:Nope__c --"),
        { errorCode: 400009, errorMessage: 'The record has neither UID__c nor Email, so it cannot be looked up.' },
      ]),
    );
  });

  test('an account without a last name is refused with the very text of the manual', async () => {
    const run = await write([{ UID__c: 'a', PersonEmail: 'a@example.com' }], { objectType: 'Account', lookupId: 'PersonEmail' });
    expect(run.errors.map(details)).toEqual([refusal('REQUIRED_FIELD_MISSING:Required fields are missing: [Name]:Name --')]);
  });

  test.each([
    ['lead', 'Lead', { Company: 'None' }, 'Email'],
    ['account', 'Account', {}, 'PersonEmail'],
  ] as const)('writes a %s', async (objectType, type, more, lookupId) => {
    const record = { UID__c: 'u', [lookupId]: 'u@example.com', LastName: 'U', ...more };
    expect((await write([record, { [lookupId]: 'seed.1@example.com', UID__c: 'found' }], { objectType, lookupId })).errors).toEqual([]);
    expect(created(type)).toMatchObject([record]);
    expect(seeded(type)[1]).toMatchObject({ UID__c: 'found' });
  });

  test('#N/A clears a field, null and empty texts leave it, lists and parents are written', async () => {
    await write([{ ...person(0), FirstName: 'Ann', Phone: '1', MailingCity: 'Bern' }]);
    const change = {
      UID__c: 'u0',
      FirstName: '#N/A',
      Phone: null,
      MailingCity: '',
      Interests__c: ['chess', 'film'],
      newsletter__C: true,
      Account: { UID__c: 'x' },
      empty: {},
    };
    expect((await write([change])).records).toEqual([change]);
    expect(created()).toMatchObject([
      { FirstName: null, Phone: '1', MailingCity: 'Bern', Interests__c: 'chess;film', Newsletter__c: true },
    ]);
    const sent = server.platforms.salesforce.requests.findLast(({ method }) => method === 'PATCH')?.body ?? '';
    expect(JSON.parse(sent).records[0]).toMatchObject({ Account: { UID__c: 'x' }, FirstName: null });
    expect(JSON.parse(sent).records[0]).not.toHaveProperty('Phone');
  });

  test('later records of one person are written after the earlier ones', async () => {
    const run = await write([person(1), { ...person(1), FirstName: 'second' }, { Email: 'NEW.1@example.com', FirstName: 'third' }]);
    expect(run.records).toHaveLength(3);
    expect(created()).toMatchObject([{ UID__c: 'u1', FirstName: 'third' }]);
  });

  test('a record the platform cannot read spoils its call and is found by halving', async () => {
    const records = people(200).map((record, n) => (n === 77 ? { ...record, Birth__c: '29.2.2024' } : record));
    const run = await write(records);
    expect(run.records).toHaveLength(199);
    expect(run.errors).toMatchObject([
      {
        UID__c: 'u77',
        _errorDetails: {
          errorCode: 400009,
          errorMessage: expect.stringContaining('JSON_PARSER_ERROR: Cannot deserialize instance of date'),
        },
      },
    ]);
    expect(calls().filter((call) => call.startsWith('PATCH')).length).toBeLessThanOrEqual(2 * Math.ceil(Math.log2(200)) + 1);
  });

  test('hostile values reach the platform as they are', async () => {
    const odd = { UID__c: "o'\\--", Email: 'odd@example.com', LastName: `"'\\],{}\u2028\n<b>&amp;`, FirstName: 'O\'Neil") OR (1=1' };
    expect((await write([odd])).errors).toEqual([]);
    expect((await write([{ ...odd, Phone: '7' }])).errors).toEqual([]);
    expect(created()).toMatchObject([{ ...odd, Phone: '7' }]);
    expect((await write([JSON.parse('{"UID__c": "p", "LastName": "P", "__proto__": {"x": 1}}')])).errors).toHaveLength(1);
  });

  test('the primary id may be the Id, and both ids may be one field', async () => {
    const id = String(seeded()[0]?.Id);
    expect(
      (
        await write(
          [
            { Id: id, FirstName: 'by Id' },
            { Id: '003000000000999AAA', FirstName: 'nobody' },
          ],
          { primaryId: 'Id' },
        )
      ).errors.map(details),
    ).toEqual([refusal('INVALID_CROSS_REFERENCE_KEY:invalid cross reference id: --')]);
    expect(seeded()[0]).toMatchObject({ FirstName: 'by Id' });
    server.platforms.salesforce.reset();
    await write([{ Email: 'seed.1@example.com', FirstName: 'by mail' }], { primaryId: 'Email' });
    expect(seeded()[1]).toMatchObject({ FirstName: 'by mail' });
    expect(calls()).not.toContain('GET query');
  });
});

describe('writing to Salesforce by bulk jobs', () => {
  const bulk = { bulkFrom: 201 };

  test('upserts by one job, and gives each result back to its record though results come in another order', async () => {
    const records = people(600).map((record, n) =>
      n % 100 === 7 ? { ...record, LastName: null } : n === 50 ? { ...record, Score__c: 'many' } : record,
    );
    const run = await write(records, bulk);
    expect(jobs()).toEqual(['upsert JobComplete']);
    expect(run.records).toEqual(records.filter(({ LastName, Score__c }) => LastName !== null && Score__c === undefined));
    expect(run.errors.map(({ UID__c }) => UID__c).toSorted()).toEqual(['u107', 'u207', 'u307', 'u407', 'u50', 'u507', 'u7']);
    expect(details(run.errors.find(({ UID__c }) => UID__c === 'u107'))).toEqual(
      refusal('REQUIRED_FIELD_MISSING:Required fields are missing: [LastName]:LastName --'),
    );
    expect(details(run.errors.find(({ UID__c }) => UID__c === 'u50'))).toEqual(
      refusal('INVALID_TYPE_ON_FIELD_IN_RECORD:Score__c: value not of required type: many:Score__c --'),
    );
    expect(created()).toHaveLength(593);
    expect(created().map(({ LastName }) => LastName)).toContain('Zoë "599", jr.');
  });

  test('what is found by the lookup id is updated, what has no primary id inserted, small rests by calls', async () => {
    await write(
      people(300).map(({ UID__c, ...record }) => record),
      bulk,
    );
    expect(jobs()).toEqual(['insert JobComplete']);
    const run = await write([...people(300), ...people(10, 300)], bulk);
    expect(run.errors).toEqual([]);
    expect(jobs()).toEqual(['insert JobComplete', 'update JobComplete']);
    expect(created()).toHaveLength(310);
    expect(new Set(created().map(({ UID__c }) => UID__c)).size).toBe(310);
  });

  test('#N/A clears, empty cells leave, and values survive CSV', async () => {
    const odd = ['a,b', '"quoted"', ' blanks ', 'line\nbreak\r\n', 'tab\t;', '=1+1', 'ünï\u2028💛'];
    const records = people(250).map((record, n) => ({ ...record, FirstName: odd[n % odd.length] ?? '', Newsletter__c: n % 2 === 0 }));
    expect((await write(records, bulk)).errors).toEqual([]);
    expect(created().map(({ FirstName }) => FirstName)).toEqual(records.map(({ FirstName }) => FirstName));
    await write(
      people(250).map(({ UID__c }, n) => ({ UID__c, FirstName: n === 0 ? '#N/A' : null, Phone: n === 1 ? '1' : '' }) as DataRecord),
      bulk,
    );
    expect(created().slice(0, 2)).toMatchObject([{ FirstName: null }, { FirstName: odd[1], Phone: '1' }]);
  });

  test('two records of one person go by two jobs or a job and a call, in their order', async () => {
    const run = await write([...people(250), { ...person(3), FirstName: 'later' }], bulk);
    expect(run.records).toHaveLength(251);
    expect(created().find(({ UID__c }) => UID__c === 'u3')).toMatchObject({ FirstName: 'later' });
    expect(created()).toHaveLength(250);
  });

  test('a job that fails on the way gives the records it did not come to back, with its reason', async () => {
    await using other = {
      ...(await startPlatforms([salesforceWith({ rowsUntilFailure: 220 })])),
      [Symbol.asyncDispose]: () => other.stop(),
    };
    const authEndpoint = `${other.platforms.salesforce.url}/services/Soap/u/58.0`;
    const run = await write(people(250), { ...bulk, authEndpoint });
    expect(run.records).toEqual(people(220));
    expect(run.errors).toHaveLength(30);
    expect(details(run.errors[0])).toEqual(
      refusal(`UNPROCESSED:Bulk job 750000000000001AAA did not come to this record: TotalRequests : batch limit exceeded: --`),
    );
  });

  test.each([
    ['creating is cut off', { path: 'jobs/ingest', method: 'POST', cut: 'after' }],
    ['uploading is cut off', { path: '/batches', cut: 'before' }],
    ['the answer to the upload is lost', { path: '/batches', cut: 'after' }],
    ['the answer to closing is lost', { method: 'PATCH', path: 'jobs/ingest', cut: 'after' }],
    ['the question for the state fails', { method: 'GET', path: 'jobs/ingest/750', status: 503 }],
    ['reading results is cut off', { path: 'successfulResults', cut: 'before' }],
  ] as const)('when %s all is written once', async (_what, fault) => {
    server.platforms.salesforce.faults.set({ ...fault, times: 1 });
    const run = await writeInJob(people(250), bulk);
    expect(run.snapshot.status).toBe('succeeded');
    expect(run.records).toHaveLength(250);
    expect(created()).toHaveLength(250);
    expect((jobs() as string[]).filter((job) => job.endsWith('JobComplete'))).toHaveLength(1);
  });

  test('a job without a result for a record rejects that record', async () => {
    server.platforms.salesforce.faults.set({
      path: 'successfulResults',
      status: 200,
      body: '"sf__Id","sf__Created","UID__c"\n"003","true","u0"\n',
      times: 1,
    });
    const run = await write(people(250), bulk);
    expect(run.records).toEqual([person(0)]);
    expect(details(run.errors[0])).toMatchObject({ errorMessage: expect.stringContaining('has no result for this record') });
  });

  test('records locked for the moment are written again by calls', async () => {
    const failed = '"sf__Id","sf__Error","UID__c"\n"","UNABLE_TO_LOCK_ROW:unable to obtain exclusive access to this record:--","u9"\n';
    server.platforms.salesforce.faults.set({ path: 'failedResults', status: 200, body: failed, times: 1 });
    const run = await write(people(250), bulk);
    expect(run.records).toHaveLength(250);
    expect(calls().at(-1)).toBe('PATCH composite/sobjects/Contact/UID__c');
  });

  test('sends requests of the reviewed shapes', async () => {
    const records = [
      ...people(201).map(({ UID__c, LastName }) => ({ UID__c, LastName }) as DataRecord),
      { UID__c: 'extra', LastName: 'X', Account: { UID__c: 'p' }, FirstName: '#N/A' },
    ];
    await write(records, bulk);
    const shorten = (text: string) => hide(text).replace(/(?:u\d+,"Zoë ""\d+"", jr\.",,\n)+/, '…\n');
    await expect(requestShapes(server.platforms.salesforce.requests, shorten)).toMatchFileSnapshot('./__requests__/salesforce-bulk.json');
  });
});

const hide = (text: string) => text.replace(/<urn:password>.*<\/urn:password>/, '<urn:password>…</urn:password>');

describe('logging in and keeping in', () => {
  test('sends requests of the reviewed shapes', async () => {
    await write([
      person(0),
      { ...person(1), Email: 'seed.1@example.com', UID__c: 'fresh' },
      { Email: 'x@example.com', LastName: 'X', Phone: '#N/A' },
    ]);
    await expect(requestShapes(server.platforms.salesforce.requests, hide)).toMatchFileSnapshot('./__requests__/salesforce.json');
  });

  test('a session that ended is opened again, once', async () => {
    const ended = '[{"errorCode":"INVALID_SESSION_ID","message":"Session expired or invalid"}]';
    server.platforms.salesforce.faults.set({ path: 'composite', status: 401, body: ended, times: 1 });
    expect((await write(people(1))).records).toHaveLength(1);
    expect(server.platforms.salesforce.state().sessions).toBe(2);
    server.platforms.salesforce.faults.set({ path: 'composite', status: 401, body: ended });
    await expect(write(people(1))).rejects.toThrow(/INVALID_SESSION_ID.*check the login rules/);
  });

  const limit = (message: string) => JSON.stringify([{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message }]);
  test.each([
    [
      'a wrong password',
      { password: 'wrong' },
      /refused the call: HTTP 500, INVALID_LOGIN: Invalid username.*Check user name, password and security token/,
    ],
    ['a wrong token', { token: 'wrong' }, /INVALID_LOGIN/],
    ['a version that ended', { authEndpoint: 'OLD' }, /UNSUPPORTED_API_VERSION.*Give a newer version/],
    ['an address of something else', { authEndpoint: 'OTHER' }, /404/],
    ['an unknown primary id', { primaryId: 'Nope__c' }, 'Contact has no field Nope__c, which primaryId names. Give its API name'],
    ['an unknown lookup id', { lookupId: 'PersonEmail' }, 'Contact has no field PersonEmail, which lookupId names.'],
    ['a primary id that is none', { primaryId: 'FirstName' }, 'FirstName of Contact, which primaryId names, is no external id.'],
  ])('%s fails the job with what to do, and the login is tried once', async (_what, params: DataRecord, message) => {
    const places: Record<string, string> = { OLD: endpoint().replace('58.0', '20.0'), OTHER: `${server.url}/other/services/Soap/u/58.0` };
    const authEndpoint = places[String(params.authEndpoint)] ?? endpoint();
    const failing = write(people(2), { ...params, authEndpoint });
    await expect(failing).rejects.toThrow(message);
    await expect(failing).rejects.not.toThrow(/wrong|Sandbox&/);
    expect(calls().filter((call) => call.startsWith('POST /services/Soap')).length).toBeLessThanOrEqual(1);
  });

  test.each([
    ['the calls of the day', 403, limit('TotalRequests Limit exceeded.'), /REQUEST_LIMIT_EXCEEDED: TotalRequests.*last 24 hours/],
    [
      'an API that is not enabled',
      403,
      '[{"errorCode":"API_DISABLED_FOR_ORG","message":"The REST API is not enabled for this Organization."}]',
      /API_DISABLED_FOR_ORG.*API Enabled/,
    ],
  ])('%s fails the job', async (_what, status, body, message) => {
    server.platforms.salesforce.faults.set({ path: 'describe', status, body });
    const failing = write(people(1));
    await expect(failing).rejects.toBeInstanceOf(FatalError);
    await expect(failing).rejects.toThrow(message);
  });

  test('too many calls at a time, Retry-After, and a locked row are waited for', async () => {
    server.platforms.salesforce.faults.set(
      { path: 'composite', status: 403, body: limit('ConcurrentRequests (Concurrent API Requests) Limit exceeded.'), times: 1 },
      { path: 'composite', status: 503, retryAfter: 1, times: 1 },
      {
        path: 'composite',
        status: 200,
        body: '[{"success":false,"errors":[{"statusCode":"UNABLE_TO_LOCK_ROW","message":"unable to obtain exclusive access","fields":[]}]}]',
        times: 1,
      },
    );
    const begun = performance.now();
    expect((await writeInJob(people(1))).records).toHaveLength(1);
    expect(performance.now() - begun).toBeGreaterThan(1400);
    expect(created()).toHaveLength(1);
  });

  test.each(['before', 'after'] as const)(
    'a connection cut %s records were saved leaves each once, with or without primary id',
    async (cut) => {
      server.platforms.salesforce.faults.set({ path: 'composite', cut, times: 1 });
      const records = [person(0), { Email: 'x@example.com', LastName: 'X' }, { Email: 'seed.1@example.com', FirstName: 'found' }];
      expect((await writeInJob(records)).records).toHaveLength(3);
      expect(created()).toHaveLength(2);
      server.platforms.salesforce.faults.set({ method: 'POST', path: 'composite', cut, times: 1 });
      expect((await writeInJob([{ Email: 'y@example.com', LastName: 'Y' }])).records).toHaveLength(1);
      expect(created()).toHaveLength(3);
    },
  );

  test.each([
    ['token', ''],
    ['authEndpoint', 'https://test.salesforce.com/services/Soap/u/xx.0'],
    ['objectType', 'opportunity'],
    ['lookupId', ''],
    ['bulkFrom', '10'],
  ])('parameter %s is checked before anything is sent', async (name, value) => {
    await expect(write(people(1), { [name]: value })).rejects.toThrow(name);
    expect(server.platforms.salesforce.requestCount()).toBe(0);
  });

  test.each([
    ['primaryId', 'Nope__c'],
    ['primaryId', 'LastName'],
    ['lookupId', 'Nope__c'],
  ])('a wrong %s (%s) is told with the parameter it stands in', async (name, value) => {
    await expect(write(people(1), { [name]: value })).rejects.toMatchObject({ name: 'ConfigError', field: `params.${name}` });
  });

  test('a host that is not there is told and tried again', async () => {
    const log: LogEntry[] = [];
    const context = fakeContext({ log, signal: AbortSignal.timeout(300) });
    const options = {
      ...demoSalesforce,
      authEndpoint: 'http://127.0.0.1:1/services/Soap/u/58.0',
      object: 'Lead',
      primaryId: 'UID__c',
      lookupId: 'Email',
      bulkFrom: 2000,
    };
    await using away = openSalesforceWriter(options, context);
    await expect(away.test()).rejects.toMatchObject({ name: 'CancelledError' });
    expect(log[0]?.message).toMatch(/connection refused \(ECONNREFUSED\)\. Check host and port.* Trying again in \d+ ms/);
  });

  test('the test of the connection proves login, object and ids', async () => {
    const options = {
      ...demoSalesforce,
      authEndpoint: endpoint(),
      object: 'Account',
      primaryId: 'uid__c',
      lookupId: 'personemail',
      bulkFrom: 2000,
    };
    await using open = openSalesforceWriter(options, fakeContext());
    expect(await open.test()).toBe('Logged in; Account is found by UID__c, then by PersonEmail.');
  });

  test('no record, no call; nothing is left open; a stopped job ends at once', async () => {
    await leakCheck((signal) => runComponent(writer, { params: settings(), records: [], signal }));
    expect(server.platforms.salesforce.requestCount()).toBe(0);
    await leakCheck((signal) => runComponent(writer, { params: settings(), records: people(2), signal }));
    server.platforms.salesforce.faults.set({ path: 'composite', delayMs: 60_000 });
    const controller = new AbortController();
    const stopped = runComponent(writer, { params: settings(), records: people(1), signal: controller.signal });
    while (
      !calls()
        .slice(4)
        .some((call) => call.includes('composite'))
    )
      await new Promise((resolve) => setImmediate(resolve));
    controller.abort();
    await expect(stopped).rejects.toMatchObject({ name: 'CancelledError' });
  });
});
