import { type AzureSasServer, startAzureSas } from '@idsync/sandbox';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { errorCodes, FatalError } from '#dataflow';
import { fakeContext, type LogEntry, leakCheck } from '#testing';
import { type Azurite, startAzurite } from '#testing/peers/azurite.ts';
import { openAzureBySas } from '../azure.ts';
import type { SasSettings } from './sas-broker.ts';

let azurite: Azurite;
let broker: AzureSasServer;
let usual: AzureSasServer['behaviour'];
let prefix = '';
beforeAll(async () => {
  azurite = await startAzurite();
  await azurite.makeContainer('files');
  broker = await startAzureSas({ storage: { ...azurite, container: 'files' } });
  usual = { ...broker.behaviour };
});
afterAll(async () => {
  await broker.stop();
  await azurite.stop();
});
beforeEach(({ task }) => {
  Object.assign(broker.behaviour, usual);
  broker.calls.length = 0;
  prefix = `${task.id}/`;
});

const open = (changed: Partial<SasSettings> = {}, context = fakeContext(), use: 'read' | 'write' = 'write') => {
  const { loginUrl, url: authenticationUrl, client } = broker;
  return openAzureBySas({ loginUrl, authenticationUrl, blobUri: '/api/sasstorage/create/', ...client, ...changed }, context, {
    prefix,
    use,
  });
};

const fileOf = (name: string, text: string) => ({
  name,
  read: async function* () {
    yield Buffer.from(text);
  },
});

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  let text = '';
  for await (const chunk of chunks) text += Buffer.from(chunk).toString();
  return text;
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (thrown) => thrown,
  );

const all = { sortBy: 'name', sortOrder: 'ASC' } as const;

describe('signatures from a broker, checked by Azurite', () => {
  test.each(['text', 'json-text', 'object', 'two-fields'] as const)(
    'a container is written and read with an answer as %s',
    async (shape) => {
      broker.behaviour.shape = shape;
      await leakCheck(async () => {
        await using azure = await open();
        await azure.upload(fileOf('a.csv', shape), prefix);
        expect((await azure.list(prefix, all)).files).toMatchObject([{ name: 'a.csv', path: `${prefix}a.csv` }]);
        expect(await textOf(azure.read(`${prefix}a.csv`))).toBe(shape);
      });
      expect(broker.calls).toEqual(['POST /company.onmicrosoft.com/oauth2/v2.0/token', 'GET /api/sasstorage/create/']);
    },
  );

  test('a signature for one blob is for that blob, whatever the file is called, and for one file only', async () => {
    broker.behaviour.blob = 'the one.csv';
    await using azure = await open();
    expect(await azure.upload(fileOf('a.csv', 'content'), prefix)).toEqual({ name: 'the one.csv', bytes: 7 });
    await expect(azure.upload(fileOf('b.csv', 'more'), prefix)).rejects.toThrow(/one blob the one\.csv/);
    expect((await azure.list('', all)).files).toMatchObject([{ name: 'the one.csv', size: 7 }]);
    expect(await textOf(azure.read('the one.csv'))).toBe('content');
  });

  test('a broker that wants POST gets it, and one that is busy is asked again', async () => {
    broker.behaviour.postOnly = true;
    broker.behaviour.busyCalls = 1;
    const log: LogEntry[] = [];
    await using azure = await open({}, fakeContext({ log }));
    await azure.upload(fileOf('a.csv', 'x'), prefix);
    expect(broker.calls.slice(1)).toEqual(['GET', 'GET', 'POST'].map((method) => `${method} /api/sasstorage/create/`));
    expect(log.some(({ message }) => message.includes('Trying again'))).toBe(true);
  });

  test('a signature near its end is renewed', async () => {
    broker.behaviour.signatureLifeSeconds = 2;
    await using azure = await open();
    await azure.upload(fileOf('a.csv', 'x'), prefix);
    const asked = () => broker.calls.filter((call) => call.includes('sasstorage')).length;
    const before = asked();
    const askedAfterListing = () => azure.list(prefix, all).then(asked);
    await expect.poll(askedAfterListing, { timeout: 10_000 }).toBeGreaterThan(before);
  });

  test('the older token endpoint is used when it is named', async () => {
    await using azure = await open({ loginUrl: `${broker.loginUrl}/oauth2/token` });
    expect(await azure.test()).toContain('can be written to');
    expect(broker.calls[0]).toBe('POST /company.onmicrosoft.com/oauth2/token');
  });

  test('testing writes nothing when it could not be removed again', async () => {
    broker.behaviour.rights = 'cw';
    await using azure = await open();
    expect(await azure.test()).toContain('grants cw; nothing was written');
    broker.behaviour.rights = 'rl';
    await using reading = await open();
    await expect(reading.test()).rejects.toThrow(/grants rl, which is no right to write/);
  });
});

describe('what can be wrong with a broker', () => {
  test.each([
    ['secret', { clientSecret: 'certainly-wrong' }, /invalid_client.*Check the client id, the secret/],
    ['client', { clientId: 'someone-else' }, /unauthorized_client.*AADSTS700016/],
    ['scope', { scope: 'Mail.Read' }, /invalid_scope/],
    ['path', { blobUri: '/nowhere' }, /HTTP 404.*Check authenticationUrl and blobUri/],
  ])('a wrong %s is refused, told with its cause and remedy, and no secret with it', async (_, changed, expected) => {
    const thrown = await failureOf(open(changed));
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toMatch(expected);
    expect(JSON.stringify([thrown, String(thrown), (thrown as Error).stack])).not.toMatch(/certainly-wrong|sandbox~secret/);
  });

  test('a signature that grants too little, or is wrong, is told without showing it', async () => {
    broker.behaviour.rights = 'l';
    await using azure = await open({}, fakeContext(), 'read');
    await azure.list(prefix, all);
    const denied = await failureOf(azure.upload(fileOf('a.csv', 'x'), prefix));
    expect(denied).toBeInstanceOf(FatalError);
    broker.behaviour.wrongSignatures = 1;
    await using wrong = await open({}, fakeContext(), 'read');
    const refused = await failureOf(wrong.test());
    expect(refused).toMatchObject({ code: errorCodes.authenticationFailed });
    expect(String(refused)).toContain('Have the broker');
    for (const thrown of [denied, refused]) expect(JSON.stringify([thrown, String(thrown), (thrown as Error).stack])).not.toMatch(/sig=/);
  });

  test('a signature that is refused later is replaced', async () => {
    broker.behaviour.wrongSignatures = 1;
    await using azure = await open();
    expect(await failureOf(azure.list(prefix, all))).toMatchObject({ code: errorCodes.authenticationFailed });
    await expect.poll(() => failureOf(azure.list(prefix, all)), { timeout: 10_000 }).toBeUndefined();
  });
});
