import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import tls from 'node:tls';
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CancelledError, errorCodes, FatalError, RetryableError } from '#dataflow';
import { fakeContext, type LogEntry, leakCheck } from '#testing';
import { selfSigned } from '#testing/peers/certificate.ts';
import { type SwiftS3, startSwiftS3, swiftS3Missing } from '#testing/peers/swift-s3.ts';
import type { S3Settings } from './s3/settings.ts';
import { openS3 } from './s3.ts';

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

const base: S3Settings = { bucket: 'bucket', accessKey: 'test:tester', secretKey: 'testing', timeoutMs: 10_000 };
const open = (settings: Partial<S3Settings>, { context = fakeContext(), use = 'read' as 'read' | 'write', prefix = '' } = {}) =>
  openS3({ ...base, ...settings }, context, { prefix, use });

describe.skipIf(swiftS3Missing)(`S3 with OpenStack Swift${swiftS3Missing ? ` (skipped: ${swiftS3Missing})` : ''}`, () => {
  let swift: SwiftS3;
  let endpoint = '';
  let bucket = '';
  let observer: S3Client;
  beforeAll(async () => {
    swift = await startSwiftS3();
    ({ endpoint } = swift);
    const credentials = { accessKeyId: swift.accessKey, secretAccessKey: swift.secretKey };
    observer = new S3Client({ endpoint, region: swift.region, forcePathStyle: true, credentials });
  }, 120_000);
  afterAll(async () => {
    observer?.destroy();
    await swift?.stop();
  });
  beforeEach(async ({ task }) => {
    bucket = `b${task.id.replaceAll(/[^a-z0-9]/g, '-')}`;
    await observer.send(new CreateBucketCommand({ Bucket: bucket }));
  });

  const there = (settings: Partial<S3Settings> = {}, options: Parameters<typeof open>[1] = {}) =>
    open({ endpoint, bucket, ...settings }, options);
  const put = (Key: string, text: string) => observer.send(new PutObjectCommand({ Bucket: bucket, Key, Body: text }));
  const keys = async () => ((await observer.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map(({ Key }) => Key);
  const unfinished = async () =>
    ((await observer.send(new ListMultipartUploadsCommand({ Bucket: bucket }))).Uploads ?? []).map(({ Key }) => Key);

  test('40 MB go up in parts and come down unchanged, in chunks of any size', async () => {
    const bytes = randomBytes(40 * MiB + 12_345);
    await using s3 = await there();
    for (const chunkSize of [999_983, 64 * 1024, 50 * MiB]) {
      expect(await s3.upload(fileOf('big.bin', bytes, chunkSize), 'in/big.bin')).toBe(bytes.length);
      expect(sha256(await contentOf(s3.read('in/big.bin')))).toBe(sha256(bytes));
    }
    const [listed] = await s3.list('in/');
    expect(listed).toMatchObject({ key: 'in/big.bin', size: bytes.length });
    expect(Math.abs(Date.now() - (listed?.modifiedMs ?? 0))).toBeLessThan(60_000);
    const { ETag } = await observer.send(new GetObjectCommand({ Bucket: bucket, Key: 'in/big.bin', Range: 'bytes=0-0' }));
    expect(ETag).toMatch(/-3"$/);
  }, 60_000);

  test.each([0, 1, 16 * MiB, 16 * MiB + 1])('%i bytes go up and come down', async (size) => {
    const bytes = randomBytes(size);
    await using s3 = await there();
    expect(await s3.upload(fileOf('x', bytes), 'x')).toBe(size);
    expect((await contentOf(s3.read('x'))).equals(bytes)).toBe(true);
    expect(await unfinished()).toEqual([]);
  });

  test('nothing is seen under the key until all of a long file is there, and an old object stays until then', async () => {
    await put('long.bin', 'the old one');
    const seen: unknown[] = [];
    const watched = {
      name: 'long.bin',
      read: async function* () {
        for (let count = 0; count < 40; count++) {
          yield Buffer.alloc(MiB, count);
          if (count % 18 === 17) seen.push([await (await get('long.bin')).transformToString(), await unfinished()]);
        }
      },
    };
    const get = async (Key: string) => {
      const { Body } = await observer.send(new GetObjectCommand({ Bucket: bucket, Key }));
      if (!Body) throw new Error('There is no body.');
      return Body;
    };
    await using s3 = await there();
    await s3.upload(watched, 'long.bin');
    expect(seen).toEqual([
      ['the old one', ['long.bin']],
      ['the old one', ['long.bin']],
    ]);
    expect((await s3.list(''))[0]?.size).toBe(40 * MiB);
  });

  test('an upload whose source fails leaves neither object nor parts', async () => {
    const failing = {
      name: 'half.bin',
      read: async function* () {
        for (let count = 0; count < 20; count++) yield Buffer.alloc(MiB);
        throw new Error('the disk broke');
      },
    };
    await using s3 = await there();
    await expect(s3.upload(failing, 'half.bin')).rejects.toThrow('the disk broke');
    expect([await keys(), await unfinished()]).toEqual([[], []]);
  });

  test('stopping the job ends an upload at once and leaves neither object nor parts', async () => {
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
    await using s3 = await there({}, { context: fakeContext({ signal: stop.signal }) });
    expect(await failureOf(s3.upload(endless, 'stopped.bin'))).toBeInstanceOf(CancelledError);
    expect([await keys(), await unfinished()]).toEqual([[], []]);
  });

  test('stopping the job ends a download at once', async () => {
    const stop = new AbortController();
    await using s3 = await there({}, { context: fakeContext({ signal: stop.signal }) });
    await s3.upload(fileOf('x', randomBytes(8 * MiB)), 'x');
    const reading = async () => {
      for await (const chunk of s3.read('x')) if (chunk.length > 0) stop.abort();
    };
    expect(await failureOf(reading())).toBeInstanceOf(CancelledError);
  });

  test('a download that is cut goes on where it was, and a part that is cut is sent again', async () => {
    const bytes = randomBytes(24 * MiB);
    await using proxy = await startCuttingProxy(endpoint);
    const log: LogEntry[] = [];
    await using s3 = await there({ endpoint: proxy.url }, { context: fakeContext({ log }) });
    proxy.cutAfter({ up: 5 * MiB });
    await s3.upload(fileOf('cut.bin', bytes), 'cut.bin');
    proxy.cutAfter({ down: 5 * MiB });
    expect(sha256(await contentOf(s3.read('cut.bin')))).toBe(sha256(bytes));
    expect(proxy.cuts).toBe(2);
    expect(log.map(({ message }) => message).join()).toMatch(/Reading cut\.bin from .* was cut: .* read on from byte \d+/);
  });

  test('an object that is replaced while its download is cut fails the job, for its parts would not fit', async () => {
    await using proxy = await startCuttingProxy(endpoint);
    await using s3 = await there({ endpoint: proxy.url });
    await s3.upload(fileOf('v.bin', randomBytes(8 * MiB)), 'v.bin');
    proxy.cutAfter({ down: 2 * MiB });
    const reading = async () => {
      let replaced = false;
      for await (const chunk of s3.read('v.bin')) {
        if (chunk.length === 0 || replaced) continue;
        await put('v.bin', 'another one');
        replaced = true;
      }
    };
    const thrown = await failureOf(reading());
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toMatch(/Reading v\.bin failed: .* 412 .*changed while it was read/);
  });

  test('leaving a download early drops it, and what is opened is closed again', async () => {
    await put('small', 'abc');
    await leakCheck(async (signal) => {
      await using s3 = await there({}, { context: fakeContext({ signal }) });
      await s3.upload(fileOf('leak.bin', randomBytes(20 * MiB)), 'leak.bin');
      for await (const chunk of s3.read('leak.bin')) if (chunk.length > 0) break;
      expect(await s3.list('')).toHaveLength(2);
    });
  });

  test('a prefix is compared letter by letter, and may be a whole key', async () => {
    for (const key of ['in/a', 'in/sub/b', 'inbox/c', 'other']) await put(key, key);
    await using s3 = await there();
    const found = async (prefix: string) => (await s3.list(prefix)).map(({ key }) => key);
    expect(await found('in')).toEqual(['in/a', 'in/sub/b', 'inbox/c']);
    expect(await found('/in/')).toEqual(['in/a', 'in/sub/b']);
    expect(await found('in/a')).toEqual(['in/a']);
    expect(await found('')).toHaveLength(4);
    expect(await found('nothing')).toEqual([]);
  });

  test('a wrong secret, an unknown user, a missing right and a missing bucket are told apart, with what to do', async () => {
    const { stranger } = swift;
    const failing = async (settings: Partial<S3Settings>) => {
      await using s3 = await there(settings);
      return await failureOf(s3.list(''));
    };
    const wrong = await failing({ secretKey: 'certainly-wrong' });
    expect(wrong).toBeInstanceOf(FatalError);
    expect(wrong).toMatchObject({ code: errorCodes.authenticationFailed, details: { bucket, endpoint } });
    expect(String(wrong)).toContain('secretKey does not belong to accessKey');
    expect(JSON.stringify([wrong, String(wrong), (wrong as Error).stack])).not.toContain('certainly-wrong');
    expect(await failing({ accessKey: 'no:body' })).toMatchObject({ code: errorCodes.authenticationFailed });
    const denied = await failing(stranger);
    expect(denied).toMatchObject({ code: errorCodes.notAllowed });
    expect(String(denied)).toContain('needs the right s3:ListBucket');
    const missing = await failing({ bucket: 'not-there' });
    expect(missing).toMatchObject({ code: errorCodes.notFound });
    expect(String(missing)).toMatch(/s3:\/\/not-there at http.* Check bucketName/);
    await using s3 = await there();
    expect(await failureOf(contentOf(s3.read('gone')))).toMatchObject({ code: errorCodes.notFound });
  });

  test('the region is found out; one that is given and wrong is told with the right one', async () => {
    await put('a', 'a');
    await using found = await there({ region: undefined });
    expect(await found.list('')).toHaveLength(1);
    await using right = await there({ region: swift.region });
    expect(await right.list('')).toHaveLength(1);
    await using wrong = await there({ region: 'us-west-2' });
    expect(String(await failureOf(wrong.list('')))).toContain('Set region to eu-central-1, or leave it empty');
  });

  test('the test of a connection proves the right to list, or to write, and leaves nothing', async () => {
    await using reader = await there({}, { prefix: 'in/' });
    expect(await reader.test()).toContain('can be listed; there are no objects in what begins with in/');
    await using writer = await there({}, { use: 'write', prefix: 'out' });
    expect(await writer.test()).toContain('Files can be written');
    expect([await keys(), await unfinished()]).toEqual([[], []]);
    await using denied = await there(swift.stranger, { use: 'write' });
    expect(String(await failureOf(denied.test()))).toContain('s3:PutObject');
  });
});

describe('S3 that does not answer as it should', () => {
  test('an address nobody listens at is told and may be tried again', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await once(server.close(), 'close');
    await using s3 = await open({ endpoint: `http://127.0.0.1:${port}` });
    const thrown = await failureOf(s3.list(''));
    expect(thrown).toBeInstanceOf(RetryableError);
    expect(String(thrown)).toContain(
      `Listing the bucket failed, http://127.0.0.1:${port} did not answer: connection refused (ECONNREFUSED)`,
    );
  });

  test('a host that does not exist is told and not tried again', async () => {
    await using s3 = await open({ endpoint: 'http://s3.invalid' });
    expect(String(await failureOf(s3.list('')))).toMatch(/no such host name|name server/);
  });

  test('addresses the operator does not allow are refused, written as numbers or found by name', async () => {
    const context = {
      ...fakeContext(),
      access: {
        localPath: (text: string) => text,
        address: (host: string, address: string) => {
          throw new FatalError(`${host} (${address}) is not allowed here.`, { code: 'notAllowed' });
        },
      },
    };
    await expect(open({ endpoint: 'http://127.0.0.1:1' }, { context })).rejects.toThrow('127.0.0.1 (127.0.0.1) is not allowed here');
    await using s3 = await open({ endpoint: 'http://localhost:1' }, { context });
    const thrown = await failureOf(s3.list(''));
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toMatch(/localhost \(.*\) is not allowed here/);
  });

  test('an expired certificate is told', async () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'idsync-s3-'));
    const { certificate, key } = selfSigned(folder, { expired: true });
    const trusted = tls.getCACertificates('default');
    tls.setDefaultCACertificates([...trusted, certificate]);
    try {
      await using server = await answering((_request, response) => response.end(), { cert: certificate, key });
      await using s3 = await open({ endpoint: server.url });
      const thrown = await failureOf(s3.list(''));
      expect(thrown).toBeInstanceOf(FatalError);
      expect(String(thrown)).toContain('its certificate has expired (CERT_HAS_EXPIRED)');
    } finally {
      tls.setDefaultCACertificates(trusted);
      rmSync(folder, { recursive: true });
    }
  });

  const fault = (code: string, message: string) => `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`;

  test.each([
    [403, 'RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.', /clock of this machine/],
    [403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.', /Check accessKey/],
    [403, 'InvalidObjectState', 'The operation is not valid for the object’s storage class', /archived \(Glacier\)/],
    [400, 'InvalidBucketName', 'The specified bucket is not valid.', /Check bucketName/],
    [400, 'Unheard', 'Something else.', /400 Unheard \(Something else\)/],
  ])('%i %s fails the job and says what to do', async (status, code, message, told) => {
    await using server = await answering((_request, response) => response.writeHead(status).end(fault(code, message)));
    await using s3 = await open({ endpoint: server.url });
    const thrown = await failureOf(s3.list(''));
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toMatch(told);
    expect(String(thrown)).toContain(code);
  });

  test('a busy server is asked again, and its refusal may be tried again later', async () => {
    let calls = 0;
    await using server = await answering((_request, response) => {
      calls++;
      response.writeHead(503).end(fault('SlowDown', 'Please reduce your request rate.'));
    });
    await using s3 = await open({ endpoint: server.url, attempts: 2 });
    const thrown = await failureOf(s3.list(''));
    expect(thrown).toBeInstanceOf(RetryableError);
    expect(String(thrown)).toContain('503 SlowDown');
    expect(calls).toBe(2);
  });

  test('a bucket behind the door of another region is followed by its name, not by its address', async () => {
    const signed: string[] = [];
    await using server = await answering(({ headers }, response) => {
      signed.push(/\/([a-z0-9-]+)\/s3\/aws4_request/.exec(headers.authorization ?? '')?.[1] ?? '');
      if (signed.length > 1) return response.writeHead(200).end('<ListBucketResult><KeyCount>0</KeyCount></ListBucketResult>');
      const moved = { 'x-amz-bucket-region': 'ap-south-1', location: 'http://elsewhere.invalid/' };
      return response.writeHead(301, moved).end(fault('PermanentRedirect', 'Use the other endpoint.'));
    });
    await using s3 = await open({ endpoint: server.url });
    expect(await s3.list('')).toEqual([]);
    expect(signed).toEqual(['us-east-1', 'ap-south-1']);
  });
});

/** A server that answers every request the same way. */
async function answering(listener: RequestListener, secure?: { cert: string; key: string }) {
  const server = secure ? createHttpsServer(secure, listener) : createHttpServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${secure ? 'https' : 'http'}://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** A way to a server that can be cut: once, on the first connection that has passed so many bytes. */
async function startCuttingProxy(target: string) {
  const { hostname, port } = new URL(target);
  const limits = { up: Number.POSITIVE_INFINITY, down: Number.POSITIVE_INFINITY };
  const sockets = new Set<Socket>();
  const counts = { cuts: 0 };
  const pass = (from: Socket, to: Socket, way: 'up' | 'down') => {
    let bytes = 0;
    from.on('data', (chunk) => {
      bytes += chunk.length;
      if (bytes > limits[way]) {
        limits[way] = Number.POSITIVE_INFINITY;
        counts.cuts++;
        from.destroy();
        to.destroy();
      } else if (!to.write(chunk)) from.pause();
    });
    to.on('drain', () => from.resume());
    from.on('error', () => to.destroy());
    // Not destroyed: what was received is passed on first, or an answer of a server that hangs up after it would be lost.
    from.on('close', () => to.end());
    sockets.add(from);
  };
  const server = createServer((client) => {
    const inner = connect(Number(port), hostname);
    pass(client, inner, 'up');
    pass(inner, client, 'down');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get cuts() {
      return counts.cuts;
    },
    cutAfter: (wanted: { up?: number; down?: number }) => Object.assign(limits, wanted),
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), 'close');
    },
  };
}
