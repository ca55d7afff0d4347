import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { ContainerClient } from '@azure/storage-blob';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CancelledError, errorCodes, FatalError, RetryableError } from '#dataflow';
import { fakeContext, type LogEntry, leakCheck } from '#testing';
import { type Azurite, startAzurite } from '#testing/peers/azurite.ts';
import { startCuttingProxy } from '#testing/peers/cutting-proxy.ts';
import { listBlobs } from './azure/list-blobs.ts';
import type { AzureLine } from './azure/place.ts';
import { type AzureKeySettings, openAzureByKey } from './azure.ts';

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

const all = { sortBy: 'name', sortOrder: 'ASC' } as const;

let azurite: Azurite;
let container: ContainerClient;
let prefix = '';
beforeAll(async () => {
  azurite = await startAzurite();
  container = await azurite.makeContainer('files');
});
afterAll(() => azurite.stop());
beforeEach(({ task }) => {
  prefix = `${task.id}/`;
});

const open = (changed: Partial<AzureKeySettings> = {}, context = fakeContext(), use: 'read' | 'write' = 'write') => {
  const { accountName, accountKey, endpoint } = azurite;
  return openAzureByKey({ accountName, accountKey, endpoint, container: 'files', ...changed }, context, { prefix, use });
};

const namesUnder = async (wanted: string) => {
  const names: string[] = [];
  for await (const blob of container.listBlobsFlat({ prefix: wanted, includeUncommitedBlobs: false })) names.push(blob.name);
  return names;
};

describe('Azure Blob Storage with Azurite', () => {
  test.each([0, 1, 8 * 1024 * 1024, 8 * 1024 * 1024 + 1, 30_000_000])('%i bytes go up and come down unchanged', async (size) => {
    const bytes = randomBytes(size);
    await using azure = open();
    for (const chunkSize of [65_536, 9_000_000]) {
      expect(await azure.upload(fileOf('a b#ü?.bin', bytes, chunkSize), prefix)).toEqual({ name: `${prefix}a b#ü?.bin`, bytes: size });
      expect(sha256(await contentOf(azure.read(`${prefix}a b#ü?.bin`)))).toBe(sha256(bytes));
    }
    expect((await azure.list(prefix, all)).files).toMatchObject([{ name: 'a b#ü?.bin', size }]);
  });

  test('a prefix is one of whole names; the expression is for the name behind the last slash', async () => {
    await using azure = open();
    for (const name of ['in/a.csv', 'in/deep/b.csv', 'inbox/c.csv', 'out/d.csv', 'in/half.csv.uploading', 'in/folder/'])
      await container.getBlockBlobClient(prefix + name).upload('x', 1);
    const pathsOf = async (at: string, fileNameRegex?: string) =>
      (await azure.list(prefix + at, { ...all, fileNameRegex })).files.map(({ path }) => path.slice(prefix.length));
    expect(await pathsOf('in')).toEqual(['in/a.csv', 'in/deep/b.csv', 'inbox/c.csv']);
    expect(await pathsOf('in/', '[ab]\\.csv')).toEqual(['in/a.csv', 'in/deep/b.csv']);
    expect(await pathsOf('in/a.csv')).toEqual(['in/a.csv']);
    expect(await pathsOf('nothing')).toEqual([]);
    expect((await azure.list(`${prefix}in/`, { ...all, changedSince: new Date(Date.now() + 60_000) })).files).toEqual([]);
  });

  test('more blobs than one page holds are all listed', async () => {
    const names = Array.from({ length: 7 }, (_, index) => `${index}.csv`);
    for (const name of names) await container.getBlockBlobClient(prefix + name).upload('', 0);
    const line: AzureLine = {
      context: fakeContext(),
      where: { host: '', container: 'files' },
      login: 'key',
      place: async () => ({ container }),
      renew: () => false,
      refused: () => undefined,
      [Symbol.asyncDispose]: async () => {},
    };
    const { files, total } = await listBlobs(line, { prefix, pageSize: 3 }, all);
    expect(total).toBe(7);
    expect(files.map(({ name }) => name)).toEqual(names);
  });

  test('nothing is seen of a blob before it is complete, nor after a source that failed', async () => {
    await using azure = open();
    const seen: string[][] = [];
    const file = (fails: boolean) => ({
      name: 'slow.csv',
      read: async function* () {
        yield Buffer.alloc(20_000_000, 'x');
        seen.push(await namesUnder(prefix));
        if (fails) throw new Error('the disk broke');
      },
    });
    await expect(azure.upload(file(true), prefix)).rejects.toThrow('the disk broke');
    expect(await namesUnder(prefix)).toEqual([]);
    await azure.upload(file(false), prefix);
    expect(seen).toEqual([[], []]);
    expect(await namesUnder(prefix)).toEqual([`${prefix}slow.csv`]);
  });

  test('a failed upload leaves a blob of that name as it was', async () => {
    await using azure = open();
    await azure.upload(fileOf('kept.csv', Buffer.from('first')), prefix);
    const failing = {
      name: 'kept.csv',
      read: async function* () {
        yield Buffer.alloc(20_000_000, 'x');
        throw new Error('the disk broke');
      },
    };
    await expect(azure.upload(failing, prefix)).rejects.toThrow('the disk broke');
    expect(String(await contentOf(azure.read(`${prefix}kept.csv`)))).toBe('first');
  });

  test('a download whose connection is cut goes on where it was', async () => {
    const proxy = await startCuttingProxy(azurite.port);
    const bytes = randomBytes(20_000_000);
    const log: LogEntry[] = [];
    await using azure = open({ endpoint: azurite.endpoint.replace(/:\d+/, `:${proxy.port}`) }, fakeContext({ log }));
    await azure.upload(fileOf('long.bin', bytes), prefix);
    const chunks: Uint8Array[] = [];
    for await (const chunk of azure.read(`${prefix}long.bin`)) {
      if (chunks.length === 10) proxy.cut();
      chunks.push(chunk);
    }
    expect(sha256(Buffer.concat(chunks))).toBe(sha256(bytes));
    expect(log.some(({ message }) => /read on from byte [1-9]/.test(message))).toBe(true);
    await proxy.stop();
  });

  test('a download that was cut is not put together with another version of the blob', async () => {
    const proxy = await startCuttingProxy(azurite.port);
    await using azure = open({ endpoint: azurite.endpoint.replace(/:\d+/, `:${proxy.port}`) });
    const bytes = randomBytes(20_000_000);
    await azure.upload(fileOf('long.bin', bytes), prefix);
    const reading = (async () => {
      let count = 0;
      for await (const _ of azure.read(`${prefix}long.bin`)) {
        if (++count !== 10) continue;
        await container.getBlockBlobClient(`${prefix}long.bin`).upload(bytes, bytes.length);
        proxy.cut();
      }
    })();
    const thrown = await failureOf(reading);
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toContain('not the same any more (HTTP 412 ConditionNotMet)');
    await proxy.stop();
  });

  test('connections that are cut during an upload do no harm: the calls are made again', async () => {
    const proxy = await startCuttingProxy(azurite.port);
    const log: LogEntry[] = [];
    await using azure = open({ endpoint: azurite.endpoint.replace(/:\d+/, `:${proxy.port}`) }, fakeContext({ log }));
    const bytes = randomBytes(40_000_000);
    const repeated = () => log.some(({ message }) => message.includes('Trying again'));
    const file = {
      name: 'cut.bin',
      read: async function* () {
        for await (const chunk of inChunks(bytes, 1_000_000)) {
          yield chunk;
          if (!repeated()) proxy.cut();
        }
      },
    };
    await azure.upload(file, prefix);
    expect(sha256(await contentOf(azure.read(`${prefix}cut.bin`)))).toBe(sha256(bytes));
    expect(repeated()).toBe(true);
    await proxy.stop();
  });

  test('stopping the job ends an upload and a download, and what is opened is closed', async () => {
    await leakCheck(async () => {
      const stop = new AbortController();
      await using azure = open({}, fakeContext({ signal: stop.signal }));
      await azure.upload(fileOf('long.bin', randomBytes(10_000_000)), prefix);
      for await (const chunk of azure.read(`${prefix}long.bin`)) if (chunk.length > 0) break;
      let released = false;
      const endless = {
        name: 'stopped.csv',
        read: async function* () {
          try {
            for (let count = 0; ; count++) {
              yield Buffer.alloc(1_000_000, 'x');
              if (count === 20) stop.abort();
            }
          } finally {
            released = true;
          }
        },
      };
      expect(await failureOf(azure.upload(endless, prefix))).toBeInstanceOf(CancelledError);
      expect(released).toBe(true);
    });
    expect(await namesUnder(prefix)).toEqual([`${prefix}long.bin`]);
  });

  test('names that would leave the prefix are refused', async () => {
    await using azure = open();
    for (const name of ['../evil', 'a/b', '..', '']) {
      await expect(azure.upload(fileOf(name, Buffer.from('x')), prefix)).rejects.toThrow(/cannot be the name/);
    }
  });

  test('the test of a connection proves the right to list, or to write, and leaves nothing', async () => {
    await using reader = open({}, fakeContext(), 'read');
    expect(await reader.test()).toContain('holds 0 blobs');
    await using writer = open();
    expect(await writer.test()).toContain('can be written to');
    expect(await namesUnder(prefix)).toEqual([]);
  });
});

describe('what can be wrong with an Azure account', () => {
  test('a key that does not fit is told, and appears nowhere', async () => {
    const accountKey = Buffer.from('certainly-wrong').toString('base64');
    await using azure = open({ accountKey });
    const thrown = await failureOf(azure.test());
    expect(thrown).toBeInstanceOf(FatalError);
    expect(thrown).toMatchObject({ code: errorCodes.authenticationFailed, details: { container: 'files', status: 403 } });
    expect(String(thrown)).toMatch(/the key does not fit.*Check accountName and accountKey/);
    expect(JSON.stringify([thrown, String(thrown), (thrown as Error).stack])).not.toContain(accountKey);
  });

  test('a container that does not exist is told by name, to readers and writers', async () => {
    for (const use of ['read', 'write'] as const) {
      await using azure = open({ container: 'not-there' }, fakeContext(), use);
      const thrown = await failureOf(azure.test());
      expect(thrown).toMatchObject({ code: errorCodes.notFound });
      expect(String(thrown)).toMatch(/the container does not exist.*container = not-there\. Check container/);
    }
  });

  test('an account that has no host is told by it', async () => {
    await using azure = open({ endpoint: undefined, accountName: 'nosuchaccountanywhere01' });
    const thrown = await failureOf(azure.test());
    expect(String(thrown)).toContain('host = nosuchaccountanywhere01.blob.core.windows.net');
  });

  test('a refused connection is tried again and then told', async () => {
    const stop = new AbortController();
    const log: LogEntry[] = [];
    const context = fakeContext({ log, signal: stop.signal });
    await using azure = open({ endpoint: 'http://127.0.0.1:1/devstoreaccount1' }, context);
    const ended = failureOf(azure.test());
    await expect.poll(() => log.map(({ message }) => message).join()).toContain('connection refused (ECONNREFUSED)');
    stop.abort();
    expect(await ended).toBeInstanceOf(CancelledError);
  });

  test('a service that speaks no TLS under https is told', async () => {
    await using azure = open({ endpoint: azurite.endpoint.replace('http:', 'https:') });
    const thrown = await failureOf(azure.test());
    expect(thrown).toBeInstanceOf(FatalError);
    expect(String(thrown)).toContain('Check endpoint');
  });

  test('redirects are not followed', async () => {
    let asked = 0;
    const elsewhere = createServer(() => asked++).listen(0, '127.0.0.1');
    await once(elsewhere, 'listening');
    const target = (elsewhere.address() as AddressInfo).port;
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(`HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:${target}/\r\nContent-Length: 0\r\n\r\n`));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    await using azure = open({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x` });
    expect(await failureOf(azure.test())).toBeInstanceOf(FatalError);
    expect(asked).toBe(0);
    server.close();
    elsewhere.close();
  });

  test('an address the operator does not allow is not connected to, by name or by number', async () => {
    const address = (host: string, found: string) => {
      throw new FatalError(`${host} is ${found}, which is not allowed.`, { code: 'notAllowed' });
    };
    const refuse = { ...fakeContext(), access: { localPath: (file: string) => file, address } };
    const at = (host: string) => azurite.endpoint.replace('127.0.0.1', host);
    expect(() => open({}, refuse)).toThrow(/127\.0\.0\.1 is .*not allowed/);
    await using azure = open({ endpoint: at('localhost') }, refuse);
    const thrown = await failureOf(azure.test());
    expect(thrown).not.toBeInstanceOf(RetryableError);
    expect(String(thrown)).toMatch(/localhost is .*not allowed/);
  });
});
