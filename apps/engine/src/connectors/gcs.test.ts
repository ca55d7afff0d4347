import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { type GcsRole, type GcsServer, startGcs } from '@idsync/sandbox';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CancelledError, ConfigError, errorCodes, FatalError, RetryableError } from '#dataflow';
import { fakeContext, type LogEntry, leakCheck } from '#testing';
import type { GcsSettings } from './gcs/settings.ts';
import { openGcs } from './gcs.ts';

const MiB = 1024 * 1024;
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

async function* inChunks(bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const fileOf = (name: string, bytes: Buffer, chunkSize = 100_000) => ({ name, read: () => inChunks(bytes, chunkSize) });

async function contentOf(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

const failureOf = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (thrown) => thrown,
  );

const printed = (['log', 'info', 'warn', 'error'] as const).map((name) => vi.spyOn(console, name));
afterEach(() => {
  for (const spy of printed) expect(spy, 'nothing is printed past the trace').not.toHaveBeenCalled();
});

let server: GcsServer;
beforeAll(async () => {
  server = await startGcs({ buckets: ['bucket'], requesterPays: ['paid'] });
});
afterAll(() => server.stop());
beforeEach(() => server.reset());

const settingsOf = (role: GcsRole = 'objectUser'): GcsSettings => ({
  bucket: 'bucket',
  ...server.credentials(role),
  endpoint: server.url,
  tokenUri: server.tokenUrl,
  timeoutMs: 10_000,
  retries: { retries: 5, firstPauseMs: 10, longestPauseMs: 20 },
});
const open = (
  settings: Partial<GcsSettings> = {},
  { context = fakeContext(), use = 'write' as 'read' | 'write', prefix = '', role = 'objectUser' as GcsRole } = {},
) => openGcs({ ...settingsOf(role), ...settings }, context, { prefix, use });
const stored = () => (server.state().buckets as { bucket: string[] }).bucket;
const texts = (log: LogEntry[]) => log.map(({ message }) => message).join('\n');

describe('Google Cloud Storage', () => {
  test('40 MB go up in parts and come down unchanged, in chunks of any size', async () => {
    const bytes = randomBytes(40 * MiB + 12_345);
    await using gcs = await open();
    for (const chunkSize of [999_983, 50 * MiB]) {
      expect(await gcs.upload(fileOf('big.bin', bytes, chunkSize), 'in/big.bin')).toBe(bytes.length);
      expect(sha256(await contentOf(gcs.read('in/big.bin')))).toBe(sha256(bytes));
    }
    const [listed] = await gcs.list('in/');
    expect(listed).toMatchObject({ key: 'in/big.bin', size: bytes.length });
    expect(Math.abs(Date.now() - (listed?.modifiedMs ?? 0))).toBeLessThan(60_000);
  });

  test('the calls have the shape the documentation asks for', async () => {
    await using gcs = await open();
    await gcs.upload(fileOf('a b', Buffer.from('abc')), 'in/ä b.txt');
    await gcs.upload(fileOf('long', Buffer.alloc(17 * MiB)), 'long');
    await gcs.list('in/');
    await contentOf(gcs.read('in/ä b.txt'));
    const seen = server.requests.map(({ method, path }) => `${method} ${path.replace(/upload_id=.*/, 'upload_id=…')}`);
    expect(seen).toEqual([
      'POST /token',
      'POST /upload/storage/v1/b/bucket/o?uploadType=multipart',
      'POST /upload/storage/v1/b/bucket/o?uploadType=resumable',
      'PUT /upload/storage/v1/b/bucket/o?uploadType=resumable&upload_id=…',
      'PUT /upload/storage/v1/b/bucket/o?uploadType=resumable&upload_id=…',
      'GET /storage/v1/b/bucket/o?prefix=in%2F&maxResults=1000&fields=nextPageToken%2Citems%28name%2Csize%2CtimeCreated%29',
      'GET /storage/v1/b/bucket/o/in%2F%C3%A4%20b.txt?alt=media',
    ]);
    expect(server.requests[3]?.headers).toMatchObject({ 'content-range': 'bytes 0-16777215/*' });
    expect(server.requests[4]?.headers).toMatchObject({
      'content-range': 'bytes 16777216-17825791/17825792',
      'x-goog-hash': expect.stringMatching(/^md5=/),
    });
    const assertion = new URLSearchParams(server.requests[0]?.body).get('assertion') ?? '';
    const claims = JSON.parse(Buffer.from(assertion.split('.')[1] ?? '', 'base64url').toString('utf8'));
    expect(claims).toMatchObject({
      iss: server.credentials('objectUser').clientEmail,
      aud: server.tokenUrl,
      scope: 'https://www.googleapis.com/auth/devstorage.read_write',
    });
    expect(claims.exp - claims.iat).toBe(3600);
  });

  test.each([0, 1, 16 * MiB, 16 * MiB + 1, 32 * MiB])('%i bytes go up and come down', async (size) => {
    const bytes = randomBytes(size);
    await using gcs = await open();
    expect(await gcs.upload(fileOf('x', bytes), 'x')).toBe(size);
    expect((await contentOf(gcs.read('x'))).equals(bytes)).toBe(true);
    expect(server.unfinished()).toEqual([]);
  });

  test('nothing is seen under the name until all of a long file is there, and an old object stays until then', async () => {
    await using gcs = await open();
    await gcs.upload(fileOf('long.bin', Buffer.from('the old one')), 'long.bin');
    const seen: unknown[] = [];
    const watched = {
      name: 'long.bin',
      read: async function* () {
        for (let count = 0; count < 40; count++) {
          yield Buffer.alloc(MiB, count);
          if (count === 37) seen.push((await contentOf(gcs.read('long.bin'))).toString(), server.unfinished());
        }
      },
    };
    await gcs.upload(watched, 'long.bin');
    expect(seen).toEqual(['the old one', ['long.bin']]);
    expect((await gcs.list(''))[0]?.size).toBe(40 * MiB);
  });

  test('an upload whose source fails is cancelled', async () => {
    const failing = {
      name: 'half.bin',
      read: async function* () {
        for (let count = 0; count < 20; count++) yield Buffer.alloc(MiB);
        throw new Error('the disk broke');
      },
    };
    await using gcs = await open();
    await expect(gcs.upload(failing, 'half.bin')).rejects.toThrow('the disk broke');
    expect([stored(), server.unfinished()]).toEqual([[], []]);
    expect(server.requests.at(-1)?.method).toBe('DELETE');
  });

  test('stopping the job ends an upload or a download at once, and leaves nothing', async () => {
    const stop = new AbortController();
    const endless = {
      name: 'stopped.bin',
      read: async function* () {
        for (let count = 0; ; count++) {
          yield Buffer.alloc(MiB);
          if (count === 40) stop.abort();
        }
      },
    };
    {
      await using gcs = await open({}, { context: fakeContext({ signal: stop.signal }) });
      expect(await failureOf(gcs.upload(endless, 'stopped.bin'))).toBeInstanceOf(CancelledError);
    }
    expect([stored(), server.unfinished()]).toEqual([[], []]);
    const later = new AbortController();
    await using gcs = await open({}, { context: fakeContext({ signal: later.signal }) });
    await gcs.upload(fileOf('x', randomBytes(8 * MiB)), 'x');
    const reading = async () => {
      for await (const chunk of gcs.read('x')) if (chunk.length > 0) later.abort();
    };
    expect(await failureOf(reading())).toBeInstanceOf(CancelledError);
  });

  test('an upload goes on where the server has it: parts kept in half, answers lost, faults of the server', async () => {
    const bytes = randomBytes(33 * MiB);
    const log: LogEntry[] = [];
    await using gcs = await open({}, { context: fakeContext({ log }) });
    server.keepHalves(2);
    server.faults.set({ method: 'PUT', cut: 'after', after: 1, times: 1 }, { method: 'PUT', status: 503, after: 3, times: 1 });
    await gcs.upload(fileOf('r.bin', bytes), 'r.bin');
    expect(sha256(await contentOf(gcs.read('r.bin')))).toBe(sha256(bytes));
    expect(server.requests.map(({ headers }) => headers['content-range'])).toContain('bytes */*');
    expect(texts(log)).toMatch(/Trying again/);
  });

  test('a server that keeps failing ends the upload, and it is cancelled', async () => {
    server.faults.set({ method: 'PUT', status: 503, body: '{}' });
    await using gcs = await open();
    const thrown = await failureOf(gcs.upload(fileOf('f.bin', Buffer.alloc(20 * MiB)), 'f.bin'));
    expect(thrown).toBeInstanceOf(RetryableError);
    expect([stored(), server.unfinished()]).toEqual([[], []]);
  });

  test('a download that is cut goes on where it was; of an object that was replaced it does not', async () => {
    const bytes = randomBytes(24 * MiB);
    const log: LogEntry[] = [];
    await using gcs = await open({}, { context: fakeContext({ log }) });
    await gcs.upload(fileOf('cut.bin', bytes), 'cut.bin');
    const download = async (then = async () => {}) => {
      const all: Uint8Array[] = [];
      for await (const chunk of gcs.read('cut.bin')) {
        if (all.length === 0) {
          server.dropDownloads();
          await then();
        }
        all.push(chunk);
      }
      return Buffer.concat(all);
    };
    expect(sha256(await download())).toBe(sha256(bytes));
    expect(texts(log)).toMatch(/cut\.bin is read on from byte \d+/);
    const thrown = await failureOf(
      download(async () => {
        await gcs.upload(fileOf('cut.bin', Buffer.from('another')), 'cut.bin');
      }),
    );
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toMatch(/Reading cut\.bin failed: .*412, conditionNotMet.*changed while it was read/);
  });

  test('an object stored with the encoding gzip comes as it is stored', async () => {
    await using gcs = await open();
    const { gzipSync } = await import('node:zlib');
    const packed = gzipSync('some text');
    const token = await tokenOf('objectUser');
    const answer = await fetch(`${server.url}/upload/storage/v1/b/bucket/o?uploadType=media&name=t.gz&contentEncoding=gzip`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
      body: packed,
    });
    expect(answer.status).toBe(200);
    expect((await contentOf(gcs.read('t.gz'))).equals(packed)).toBe(true);
  });

  test('what is opened is closed again, after a download that was left early too', async () => {
    await leakCheck(async (signal) => {
      await using gcs = await open({}, { context: fakeContext({ signal }) });
      await gcs.upload(fileOf('leak.bin', randomBytes(20 * MiB)), 'leak.bin');
      for await (const chunk of gcs.read('leak.bin')) if (chunk.length > 0) break;
      expect(await gcs.list('')).toHaveLength(1);
    });
  });

  test('a prefix is compared letter by letter, over more pages than one', async () => {
    const token = await tokenOf('objectUser');
    const put = (name: string) =>
      fetch(`${server.url}/upload/storage/v1/b/bucket/o?uploadType=media&name=${encodeURIComponent(name)}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}` },
        body: name,
      });
    for (const name of ['Test1/a', 'Test1/b', 'Test2/a', 'other']) await put(name);
    for (let count = 0; count < 1005; count += 15) await Promise.all(Array.from({ length: 15 }, (_, i) => put(`many/${count + i}`)));
    await using gcs = await open();
    const found = async (prefix: string) => (await gcs.list(prefix)).map(({ key }) => key);
    expect(await found('Test')).toEqual(['Test1/a', 'Test1/b', 'Test2/a']);
    expect(await found('/Test1/a')).toEqual(['Test1/a']);
    expect(await found('nothing')).toEqual([]);
    const many = await found('many/');
    expect(new Set(many).size).toBe(1005);
    expect(server.requests.filter(({ path }) => path.includes('pageToken'))).toHaveLength(1);
  });

  test('Google’s own client reads what was written here, and the other way round', async () => {
    const { Storage } = await import('@google-cloud/storage');
    const authorization = `Bearer ${await tokenOf('objectUser')}`;
    const storage = new Storage({ apiEndpoint: server.url, projectId: 'example-project' });
    type Decorated = ReturnType<(typeof storage.interceptors)[number]['request']>;
    // It sends no token to another address than Google's.
    storage.interceptors.push({
      request: (options) => Object.assign(options, { headers: { ...options.headers, authorization } }) as Decorated,
    });
    const bucket = storage.bucket('bucket');
    const bytes = randomBytes(18 * MiB);
    await using gcs = await open();
    await gcs.upload(fileOf('ours.bin', bytes), 'in/ours.bin');
    const [ours] = await bucket.file('in/ours.bin').download({ validation: 'md5' });
    expect(sha256(ours)).toBe(sha256(bytes));
    await bucket.file('in/theirs ä.bin').save(bytes, { resumable: true, validation: 'md5' });
    await bucket.file('in/small').save('abc', { resumable: false, validation: 'md5' });
    expect(sha256(await contentOf(gcs.read('in/theirs ä.bin')))).toBe(sha256(bytes));
    const [files] = await bucket.getFiles({ prefix: 'in/' });
    expect((await gcs.list('in/')).map(({ key }) => key)).toEqual(files.map(({ name }) => name));
  });

  test('a token that ended is renewed once, in calls and in downloads', async () => {
    await using gcs = await open();
    await gcs.upload(fileOf('x', Buffer.from('abc')), 'x');
    server.endTokens();
    expect(await gcs.list('')).toHaveLength(1);
    server.endTokens();
    expect((await contentOf(gcs.read('x'))).toString()).toBe('abc');
    expect(server.requests.filter(({ path }) => path === '/token')).toHaveLength(3);
  });

  test('the project is charged where the requester pays', async () => {
    await using gcs = await open({ bucket: 'paid' });
    expect(await gcs.list('')).toEqual([]);
    await gcs.upload(fileOf('x', Buffer.from('abc')), 'x');
    expect(server.requests.at(-1)?.headers['x-goog-user-project']).toBe('example-project');
  });

  test('too many calls are made again after the pause the server asks for', async () => {
    const body = JSON.stringify({
      error: { code: 429, message: 'Please reduce your request rate.', errors: [{ reason: 'rateLimitExceeded' }] },
    });
    server.faults.set({ path: '/storage/v1/', status: 429, retryAfter: 0, body, times: 3 });
    const log: LogEntry[] = [];
    await using gcs = await open({}, { context: fakeContext({ log }) });
    expect(await gcs.list('')).toEqual([]);
    expect(texts(log).match(/HTTP 429, rateLimitExceeded/g)).toHaveLength(3);
  });
});

describe('Google Cloud Storage refuses', () => {
  const listing = async (settings: Partial<GcsSettings>, role: GcsRole = 'objectUser') => {
    await using gcs = await open(settings, { role });
    return await failureOf(gcs.list(''));
  };

  test('a key that does not belong to the account, an unknown account, and says what to do', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const foreign = privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    const wrong = await listing({ privateKey: foreign });
    expect(wrong).toBeInstanceOf(FatalError);
    expect(wrong).toMatchObject({ code: errorCodes.authenticationFailed });
    expect(String(wrong)).toMatch(/invalid_grant: Invalid JWT Signature.*privateKey does not belong to clientEmail/);
    expect(JSON.stringify([wrong, String(wrong)])).not.toContain(foreign.slice(40, 80));
    const unknown = await listing({ clientEmail: 'nobody@example-project.iam.gserviceaccount.com' });
    expect(String(unknown)).toMatch(/account not found.*Check clientEmail/);
  });

  test('a clock that is wrong', async () => {
    using _ = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3 * 3_600_000);
    const other = await startGcs({ clock: () => Date.now() - 3 * 3_600_000 });
    const thrown = await listing({ endpoint: other.url, tokenUri: other.tokenUrl, ...other.credentials('objectUser') });
    await other.stop();
    expect(String(thrown)).toContain('The clock of this machine is wrong');
  });

  test('what the account has no right to, naming the right', async () => {
    const list = await listing({}, 'objectCreator');
    expect(list).toMatchObject({ code: errorCodes.notAllowed });
    expect(String(list)).toMatch(/Listing the bucket failed: .*does not have storage\.objects\.list access.*Storage Object Viewer/);
    await using viewer = await open({}, { role: 'objectViewer' });
    expect(String(await failureOf(viewer.upload(fileOf('x', Buffer.from('x')), 'x')))).toMatch(
      /Writing x failed: .*storage\.objects\.create/,
    );
    await using creator = await open({}, { role: 'objectCreator' });
    await creator.upload(fileOf('x', Buffer.from('x')), 'x');
    expect(String(await failureOf(creator.upload(fileOf('x', Buffer.from('y')), 'x')))).toContain('storage.objects.delete');
  });

  test('a bucket and an object that are not there', async () => {
    const bucket = await listing({ bucket: 'nowhere' });
    expect(bucket).toMatchObject({ code: errorCodes.notFound });
    expect(String(bucket)).toMatch(/The specified bucket does not exist.*Check bucketName/);
    await using gcs = await open();
    expect(await failureOf(contentOf(gcs.read('gone')))).toMatchObject({ code: errorCodes.notFound });
  });

  test.each([
    ['nonsense', /holds no PEM block/],
    [Buffer.from('{"private_key": "…"}').toString('base64'), /is the whole service-account file/],
    ['-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', /cannot be read/],
    [generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string, /type ed25519, not RSA/],
    [
      generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({
        type: 'pkcs8',
        format: 'pem',
        cipher: 'aes-256-cbc',
        passphrase: 'x',
      }) as string,
      /protected by a passphrase/,
    ],
  ])('a private key that is none: %#', async (privateKey, told) => {
    const thrown = await failureOf(open({ privateKey }));
    expect(thrown).toBeInstanceOf(ConfigError);
    expect(thrown).toMatchObject({ field: 'privateKey' });
    expect(String(thrown)).toMatch(told);
  });

  test('a private key is read as base64, as text, and with line ends written out', async () => {
    const pem = Buffer.from(server.credentials('objectUser').privateKey, 'base64').toString('utf8');
    for (const privateKey of [pem, pem.replaceAll('\n', '\\n'), Buffer.from(pem).toString('base64')]) {
      await using gcs = await open({ privateKey });
      expect(await gcs.list('')).toEqual([]);
    }
  });

  test('an upload address that lies elsewhere, for the token would go there', async () => {
    const other = await startGcs({ buckets: ['bucket'] });
    await using gcs = await open({
      endpoint: other.url.replace('127.0.0.1', 'localhost'),
      tokenUri: other.tokenUrl,
      ...other.credentials('objectUser'),
    });
    const thrown = await failureOf(gcs.upload(fileOf('x', Buffer.alloc(17 * MiB)), 'x'));
    await other.stop();
    expect(String(thrown)).toContain('began an upload without an address of its own');
  });

  test('an address nobody listens at', async () => {
    const other = await startGcs();
    await other.stop();
    const thrown = await failureOf(
      (async () => {
        await using gcs = await open({ endpoint: other.url });
        await gcs.upload(fileOf('x', Buffer.from('x')), 'x');
      })(),
    );
    expect(String(thrown)).toContain('connection refused (ECONNREFUSED)');
  });

  test('addresses the operator does not allow', async () => {
    const context = {
      ...fakeContext(),
      access: {
        localPath: (text: string) => text,
        address: (host: string, address: string) => {
          throw new FatalError(`${host} (${address}) is not allowed here.`, { code: 'notAllowed' });
        },
      },
    };
    await using gcs = await open({}, { context });
    expect(String(await failureOf(gcs.list('')))).toContain('127.0.0.1 (127.0.0.1) is not allowed here');
  });

  test('nothing of a connection’s test is left', async () => {
    await using reader = await open({}, { use: 'read', prefix: 'in/', role: 'objectViewer' });
    expect(await reader.test()).toContain('gs://bucket can be listed; there are no objects in what begins with in/');
    await using writer = await open({}, { prefix: 'out' });
    expect(await writer.test()).toContain('Files can be written');
    await using denied = await open({}, { role: 'objectViewer' });
    expect(String(await failureOf(denied.test()))).toContain('storage.objects.create');
    expect([stored(), server.unfinished()]).toEqual([[], []]);
  });
});

/** A token fetched past the connector, to put objects in place. */
async function tokenOf(role: GcsRole): Promise<string> {
  const { readPrivateKey, signAssertion } = await import('./gcs/assertion.ts');
  const { clientEmail, privateKey } = server.credentials(role);
  const scope = 'https://www.googleapis.com/auth/devstorage.read_write';
  const assertion = signAssertion(readPrivateKey(privateKey), { clientEmail, scope, tokenUri: server.tokenUrl, nowMs: Date.now() });
  const body = new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion });
  const answer = await fetch(server.tokenUrl, { method: 'POST', body });
  return ((await answer.json()) as { access_token: string }).access_token;
}
