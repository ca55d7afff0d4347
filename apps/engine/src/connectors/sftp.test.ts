import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startSftp } from '@idsync/sandbox';
import ssh2 from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { CancelledError, errorCodes, FatalError, RetryableError } from '#dataflow';
import { fakeContext, type LogEntry, leakCheck } from '#testing';
import { startCuttingProxy } from '#testing/peers/cutting-proxy.ts';
import { sshKeyPair } from '#testing/peers/ssh-key.ts';
import { sshdMissing, startSshd } from '#testing/peers/sshd.ts';
import type { SftpSettings } from './sftp/settings.ts';
import { openSftp } from './sftp.ts';

interface Peer {
  settings: SftpSettings;
  folder: string;
  killSessions(): void;
  stop(): Promise<void>;
}

const peers = {
  'the sandbox server': async (): Promise<Peer> => {
    const base = mkdtempSync(path.join(tmpdir(), 'idsync-sftp-'));
    const server = await startSftp({ folder: path.join(base, 'files'), users: [{ username: 'demo', password: 'right' }] });
    return {
      settings: { host: server.host, port: server.port, username: 'demo', password: 'right', timeoutMs: 10_000 },
      folder: server.folder,
      killSessions: () => server.faults.set({ cutAfterBytes: 0 }),
      stop: async () => {
        await server.stop();
        rmSync(base, { recursive: true });
      },
    };
  },
  OpenSSH: async (): Promise<Peer> => {
    const server = await startSshd();
    const { host, port, username, plainKey: privateKey } = server;
    return { ...server, settings: { host, port, username, privateKey, timeoutMs: 10_000 } };
  },
};

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

describe.each(Object.keys(peers) as (keyof typeof peers)[])('SFTP with %s', (name) => {
  const missing = name === 'OpenSSH' ? sshdMissing : undefined;

  describe.skipIf(missing)(missing ? `skipped: ${missing}` : 'in use', () => {
    let peer: Peer;
    let folder = '';
    beforeAll(async () => {
      peer = await peers[name]();
    });
    afterAll(() => peer.stop());
    beforeEach(({ task }) => {
      folder = task.id;
    });

    const open = (settings: Partial<SftpSettings> = {}, { context = fakeContext(), use = 'read' as 'read' | 'write' } = {}) =>
      openSftp({ ...peer.settings, ...settings }, context, { folder, use });

    const onServer = (...parts: string[]) => path.join(peer.folder, ...parts);

    test('6 MB go up and come down unchanged, in chunks of any size', async () => {
      const bytes = randomBytes(6 * 1024 * 1024 + 12_345);
      await using sftp = await open();
      await sftp.makeFolder(folder);
      for (const chunkSize of [999, 32_768, 1_000_003]) {
        await sftp.upload(fileOf('big.bin', bytes, chunkSize), { folder, temporaryName: 'big.bin.uploading' });
        expect(sha256(readFileSync(onServer(folder, 'big.bin')))).toBe(sha256(bytes));
      }
      expect(sha256(await contentOf(sftp.read(`${folder}/big.bin`)))).toBe(sha256(bytes));
      expect(readdirSync(onServer(folder))).toEqual(['big.bin']);
    });

    test('an empty file goes up and comes down empty', async () => {
      await using sftp = await open();
      await sftp.makeFolder(folder);
      expect(await sftp.upload(fileOf('empty', Buffer.alloc(0)), { folder, temporaryName: '.empty' })).toBe(0);
      expect(await contentOf(sftp.read(`${folder}/empty`))).toHaveLength(0);
    });

    test('missing folders are made, existing ones are left as they are, and a file in their place is told', async () => {
      await using sftp = await open();
      expect(await sftp.makeFolder(`${folder}/a/b`)).toBe(true);
      expect(await sftp.makeFolder(`${folder}/a/b`)).toBe(false);
      expect(await sftp.makeFolder('')).toBe(false);
      await sftp.upload(fileOf('taken', Buffer.from('x')), { folder, temporaryName: '.taken' });
      await expect(sftp.makeFolder(`${folder}/taken`)).rejects.toThrow(/taken is a file on the server/);
    });

    test('folders may be links, and their names may begin with a dot', async () => {
      await using sftp = await open();
      await sftp.makeFolder(`${folder}/real`);
      symlinkSync('real', onServer(folder, 'link'));
      expect(await sftp.makeFolder(`${folder}/link/.deep/more`)).toBe(true);
      expect(readdirSync(onServer(folder, 'real', '.deep'))).toEqual(['more']);
      expect(await sftp.makeFolder(`.top-${folder}`)).toBe(true);
      expect(readdirSync(peer.folder)).toContain(`.top-${folder}`);
    });

    test('a listing does not depend on how the server words its lines', async () => {
      mkdirSync(onServer(folder, 'folder'), { recursive: true });
      writeFileSync(onServer(folder, 'data.csv'), 'abcd');
      const { list } = SftpClient.prototype;
      using _ = vi.spyOn(SftpClient.prototype, 'list').mockImplementation(async function (this: SftpClient, path) {
        const reworded = ({ name }: { name: string }) => ({ longname: name, type: name.slice(0, 1) as 'd' });
        return (await list.call(this, path)).map((entry) => ({ ...entry, ...reworded(entry) }));
      });
      await using sftp = await open();
      expect(await sftp.list(folder)).toMatchObject([{ name: 'data.csv', size: 4 }]);
    });

    test('a listing holds files and links to files, with size and time, and nothing else', async () => {
      mkdirSync(onServer(folder, 'sub'), { recursive: true });
      writeFileSync(onServer(folder, 'one.csv'), 'abc');
      symlinkSync('one.csv', onServer(folder, 'link.csv'));
      symlinkSync('nowhere', onServer(folder, 'broken.csv'));
      await using sftp = await open();
      const files = await sftp.list(folder);
      expect(files.map(({ name }) => name).sort()).toEqual(['link.csv', 'one.csv']);
      expect(files.find((file) => file.name === 'one.csv')).toMatchObject({ size: 3, path: `${folder}/one.csv` });
      expect(Math.abs(Date.now() - (files[0]?.modifiedMs ?? 0))).toBeLessThan(60_000);
    });

    test('a missing folder or file is told with its name, host, user and port', async () => {
      await using sftp = await open();
      const thrown = await failureOf(sftp.list('no-such-folder'));
      expect(thrown).toBeInstanceOf(FatalError);
      expect(thrown).toMatchObject({ code: errorCodes.notFound });
      const { host, port, username } = peer.settings;
      expect(String(thrown)).toContain('no-such-folder');
      expect(String(thrown)).toContain(
        `cause = no such file or folder, host = ${host}, user = ${username}, port = ${port}, Timeout(ms) = 10000`,
      );
      await expect(contentOf(sftp.read('no-such-file'))).rejects.toThrow(/no-such-file.*no such file/);
    });

    test('names that would leave the folder are refused', async () => {
      await using sftp = await open();
      for (const name of ['../evil', 'a/b', '..', '']) {
        await expect(sftp.upload(fileOf(name, Buffer.from('x')), { folder: '', temporaryName: '.x' })).rejects.toThrow(
          /cannot be the name/,
        );
      }
      expect(readdirSync(peer.folder)).not.toContain('.x');
    });

    test('a host key that is not the pinned one ends the connection before anything secret is sent', async () => {
      const log: LogEntry[] = [];
      await (await open({}, { context: fakeContext({ log }) }))[Symbol.asyncDispose]();
      const shown = /SHA256:([A-Za-z0-9+/]{43})/.exec(log.map(({ message }) => message).join())?.[1] ?? '';
      expect(shown).not.toBe('');
      for (const form of [shown, `SHA256:${shown}`, `${shown}=`, Buffer.from(shown, 'base64').toString('hex')]) {
        await (await open({ hostKeySha256: form }))[Symbol.asyncDispose]();
      }
      const thrown = await failureOf(open({ hostKeySha256: `SHA256:${'A'.repeat(43)}` }));
      expect(thrown).toMatchObject({ code: errorCodes.hostKeyMismatch });
      expect(String(thrown)).toContain(`SHA256:${shown}`);
    });

    test('a connection that dies while a file goes up is told with cause, host, user and port, and the final name stays free', async () => {
      const { host, port, username } = peer.settings;
      const sftp = await open();
      await sftp.makeFolder(folder);
      const endless = {
        name: 'torn.csv',
        read: async function* () {
          for (let count = 0; ; count++) {
            yield Buffer.alloc(64 * 1024, 'x');
            if (count === 40) peer.killSessions();
          }
        },
      };
      const thrown = await failureOf(sftp.upload(endless, { folder, temporaryName: '.torn.csv.part' }));
      expect(thrown).toBeInstanceOf(FatalError);
      expect(thrown).toMatchObject({ code: errorCodes.connectionFailed, details: { host, port, user: username } });
      expect(String(thrown)).toMatch(/Writing .*\.torn\.csv\.part failed: error = connection lost, cause = .*(clos|cut)/);
      expect(String(thrown)).toContain(`host = ${host}, user = ${username}, port = ${port}`);
      expect(String(thrown)).toContain('run the job again');
      expect(readdirSync(onServer(folder))).toEqual([]);
      expect(await sftp.list(folder)).toEqual([]);
      await sftp[Symbol.asyncDispose]();
      await peer.stop();
      peer = await peers[name]();
    });

    test('a connection that is lost between two files is opened again, in a download too', async () => {
      const proxy = await startCuttingProxy(peer.settings.port);
      const bytes = randomBytes(9_000_000);
      mkdirSync(onServer(folder));
      chmodSync(onServer(folder), 0o777);
      const log: LogEntry[] = [];
      const sftp = await open({ port: proxy.port }, { context: fakeContext({ log }), use: 'write' });
      try {
        proxy.cut();
        await sftp.makeFolder(`${folder}/sub`);
        await sftp.upload(fileOf('long.bin', bytes), { folder, temporaryName: '.long' });
        const chunks: Uint8Array[] = [];
        for await (const chunk of sftp.read(`${folder}/long.bin`)) {
          if (chunks.length === 5) proxy.cut();
          chunks.push(chunk);
        }
        expect(sha256(Buffer.concat(chunks))).toBe(sha256(bytes));
        expect(proxy.connections()).toBe(3);
        expect(log.some(({ message }) => /read on from byte [1-9]/.test(message))).toBe(true);
      } finally {
        await sftp[Symbol.asyncDispose]();
        await proxy.stop();
      }
    });

    test('a download that was cut is not put together with a file that changed meanwhile', async () => {
      const proxy = await startCuttingProxy(peer.settings.port);
      mkdirSync(onServer(folder));
      writeFileSync(onServer(folder, 'long.bin'), randomBytes(9_000_000));
      const sftp = await open({ port: proxy.port });
      const reading = (async () => {
        let count = 0;
        for await (const _ of sftp.read(`${folder}/long.bin`)) {
          if (++count !== 5) continue;
          proxy.cut();
          writeFileSync(onServer(folder, 'long.bin'), randomBytes(8_999_999));
        }
      })();
      await expect(reading).rejects.toThrow(/not the same any more/);
      await sftp[Symbol.asyncDispose]();
      await proxy.stop();
    });

    test('a source that fails half way leaves neither the file nor its temporary name', async () => {
      await using sftp = await open();
      await sftp.makeFolder(folder);
      const failing = {
        name: 'half.csv',
        read: async function* () {
          yield Buffer.alloc(200_000, 'x');
          throw new Error('the disk broke');
        },
      };
      await expect(sftp.upload(failing, { folder, temporaryName: 'half.csv.uploading' })).rejects.toThrow('the disk broke');
      expect(readdirSync(onServer(folder))).toEqual([]);
    });

    test('stopping the job ends an upload at once and removes the temporary file', async () => {
      const stop = new AbortController();
      await using sftp = await open({}, { context: fakeContext({ signal: stop.signal }) });
      await sftp.makeFolder(folder);
      const endless = {
        name: 'stopped.csv',
        read: async function* () {
          for (let count = 0; ; count++) {
            yield Buffer.alloc(64 * 1024, 'x');
            if (count === 20) stop.abort();
          }
        },
      };
      expect(await failureOf(sftp.upload(endless, { folder, temporaryName: '.stopped.part' }))).toBeInstanceOf(CancelledError);
      expect(readdirSync(onServer(folder))).toEqual([]);
    });

    test('leaving a download early closes the file and the connection goes on', async () => {
      writeFileSync(onServer('long.bin'), randomBytes(3_000_000));
      await using sftp = await open();
      for await (const chunk of sftp.read('long.bin')) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      expect((await sftp.list('')).map((file) => file.name)).toContain('long.bin');
    });

    test('what is opened is closed again, after a transfer that was left early too', async () => {
      writeFileSync(onServer('leak.bin'), randomBytes(2_000_000));
      await leakCheck(async (signal) => {
        await using sftp = await open({}, { context: fakeContext({ signal }) });
        for await (const chunk of sftp.read('leak.bin')) if (chunk.length > 0) break;
        await sftp.upload(fileOf('leak-copy.bin', randomBytes(100_000)), { folder: '', temporaryName: '.leak-copy' });
      });
    });

    test('the test of a connection proves the right to list, or to write', async () => {
      const { host, port, username } = peer.settings;
      mkdirSync(onServer(folder));
      await using reader = await open();
      expect(await reader.test()).toContain(`${username} is logged in to ${host}:${port}; ${folder} holds 0 files`);
      await using writer = await openSftp(peer.settings, fakeContext(), { folder: 'not-there', use: 'write' });
      expect(await writer.test()).toContain('will be made');
      await using home = await openSftp(peer.settings, fakeContext(), { folder: '', use: 'write' });
      expect(await home.test()).toContain('may write');
      expect(readdirSync(peer.folder).filter((name) => name.startsWith('.idsync'))).toEqual([]);
    });
  });
});

describe.skipIf(sshdMissing)(`logging in to OpenSSH${sshdMissing ? ` (skipped: ${sshdMissing})` : ''}`, () => {
  let sshd: Awaited<ReturnType<typeof startSshd>>;
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());

  const login = (credentials: Partial<SftpSettings>) =>
    openSftp({ host: sshd.host, port: sshd.port, username: sshd.username, timeoutMs: 10_000, ...credentials }, fakeContext(), {
      folder: '',
      use: 'write',
    });

  const notRoot = process.getuid?.() !== 0;
  test.skipIf(notRoot)(`works with a password${notRoot ? ' (skipped: only root can make the user)' : ''}`, async () => {
    await using sftp = await login({ password: sshd.password });
    expect(await sftp.test()).toContain('is logged in');
  });

  test('works with a key as text, as base64, and with a passphrase', async () => {
    const { text, passphrase } = sshd.protectedKey;
    for (const credentials of [
      { privateKey: sshd.plainKey },
      { privateKey: Buffer.from(sshd.plainKey).toString('base64') },
      { privateKey: Buffer.from(text).toString('base64'), passphrase },
    ]) {
      await using sftp = await login(credentials);
      expect(await sftp.test()).toContain('is logged in');
    }
  });

  test('a wrong password is a refused login that names user, host and port, and never the password', async () => {
    const thrown = await failureOf(login({ password: 'certainly-wrong' }));
    expect(thrown).toBeInstanceOf(FatalError);
    expect(thrown).toMatchObject({ code: errorCodes.authenticationFailed });
    expect(String(thrown)).toContain(`error = login refused`);
    expect(String(thrown)).toContain(`host = ${sshd.host}, user = ${sshd.username}, port = ${sshd.port}, Timeout(ms) = 10000`);
    expect(JSON.stringify([thrown, String(thrown), (thrown as Error).stack])).not.toContain('certainly-wrong');
  });

  test('a key that cannot be opened is told before anything is sent', async () => {
    const { text } = sshd.protectedKey;
    await expect(login({ privateKey: text, passphrase: 'wrong' })).rejects.toThrow(/private key cannot be read.*Check passphrase/);
    await expect(login({ privateKey: text })).rejects.toThrow(/private key cannot be read.*Check passphrase/);
    await expect(login({ privateKey: 'bm90IGEga2V5' })).rejects.toThrow(/private key cannot be read.*Check privateKey/);
  });
});

test('a server that takes no more bytes fails the upload and keeps nothing of it', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'idsync-full-'));
  const server = await startSftp({ folder, users: [{ username: 'demo', password: 'right' }] });
  try {
    const { host, port } = server;
    const settings = { host, port, username: 'demo', password: 'right', timeoutMs: 10_000 };
    await using sftp = await openSftp(settings, fakeContext(), { folder: '', use: 'write' });
    for (const diskFullAfterBytes of [0, 100_000, 490_000]) {
      server.faults.set({ diskFullAfterBytes });
      const thrown = await failureOf(sftp.upload(fileOf('full.csv', randomBytes(500_000)), { folder: '', temporaryName: '.full' }));
      expect(thrown).toMatchObject({ code: errorCodes.targetRefused });
      expect(String(thrown)).toMatch(/Writing \.full failed: error = refused by the server, cause = no space left on device/i);
      expect(readdirSync(folder)).toEqual([]);
    }
  } finally {
    await server.stop();
    rmSync(folder, { recursive: true });
  }
});

test('a connection that was lost is opened again to the same host key only', async () => {
  const folders = [1, 2].map(() => mkdtempSync(path.join(tmpdir(), 'idsync-key-')));
  const start = (folder = '') => startSftp({ folder: path.join(folder, 'files'), users: [{ username: 'demo', password: 'right' }] });
  const [one, other] = [await start(folders[0]), await start(folders[1])];
  const proxy = await startCuttingProxy(one.port);
  const settings = { host: '127.0.0.1', port: proxy.port, username: 'demo', password: 'right', timeoutMs: 10_000 };
  const sftp = await openSftp(settings, fakeContext(), { folder: '', use: 'read' });
  try {
    proxy.retarget(other.port);
    proxy.cut();
    const thrown = await failureOf(sftp.list(''));
    expect(thrown).toMatchObject({ code: errorCodes.hostKeyMismatch });
    expect(String(thrown)).toContain('put its fingerprint into hostKeySha256');
  } finally {
    await sftp[Symbol.asyncDispose]();
    await Promise.all([proxy.stop(), one.stop(), other.stop()]);
    for (const folder of folders) rmSync(folder, { recursive: true });
  }
});

describe('reaching an SFTP server', () => {
  const settings: SftpSettings = { host: '127.0.0.1', port: 1, username: 'etl', password: 'secret-word', timeoutMs: 10_000 };
  const open = (changed: Partial<SftpSettings>, context = fakeContext()) =>
    openSftp({ ...settings, ...changed }, context, { folder: '', use: 'read' });

  /** A server that accepts and says what it is told to. */
  async function mute(greeting: string) {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      if (greeting) socket.write(greeting);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const address = server.address();
    return { port: typeof address === 'object' && address ? address.port : 0, [Symbol.asyncDispose]: async () => void server.close() };
  }

  test('a refused connection may be tried again and is told with its cause', async () => {
    const thrown = await failureOf(open({}));
    expect(thrown).toBeInstanceOf(RetryableError);
    expect(String(thrown)).toContain(
      'cause = connection refused (ECONNREFUSED), host = 127.0.0.1, user = etl, port = 1, Timeout(ms) = 10000',
    );
  });

  test('a host name that does not exist is told by name', async () => {
    const thrown = await failureOf(open({ host: 'no-such-host.invalid' }));
    expect(String(thrown)).toContain('host = no-such-host.invalid');
    expect(thrown).toMatchObject({ code: errorCodes.connectionFailed });
  });

  test('a server that never answers ends in a timeout', async () => {
    await using server = await mute('');
    const thrown = await failureOf(open({ port: server.port, timeoutMs: 300 }));
    expect(thrown).toMatchObject({ code: errorCodes.timeout });
    expect(String(thrown)).toContain('Timeout(ms) = 300');
  });

  test('a server that speaks no SSH is told', async () => {
    await using server = await mute('HTTP/1.1 400 Bad Request\r\n\r\n');
    const thrown = await failureOf(open({ port: server.port, timeoutMs: 400 }));
    expect(thrown).toBeInstanceOf(Error);
    expect(String(thrown)).toContain('SFTP connection');
  });

  test('a server that lets the user in but offers no SFTP is told', async () => {
    const { private: hostKey } = sshKeyPair();
    const server = new ssh2.Server({ hostKeys: [hostKey] }, (client) => {
      client.on('error', () => {});
      client.on('authentication', (attempt) => attempt.accept());
      client.on('session', (accept) => void accept());
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const thrown = await failureOf(open({ port }));
    server.close();
    expect(thrown).toMatchObject({ code: errorCodes.connectionFailed });
    expect(String(thrown)).toMatch(/lets etl in but offers no SFTP \(.*subsystem.*\)\. Ask its operator/);
  });

  test('an address the operator does not allow is not connected to, by name or by number', async () => {
    const address = (host: string, found: string) => {
      throw new FatalError(`${host} is ${found}, which is not allowed.`, { code: 'notAllowed' });
    };
    const refuse = { ...fakeContext(), access: { localPath: (file: string) => file, address } };
    for (const host of ['127.0.0.1', 'localhost']) {
      await expect(open({ host }, refuse)).rejects.toThrow(new RegExp(`${host} is .*not allowed`));
    }
  });

  test('stopping the job ends a connection attempt', async () => {
    await using server = await mute('');
    const stop = new AbortController();
    const opening = failureOf(open({ port: server.port }, fakeContext({ signal: stop.signal })));
    stop.abort();
    expect(await opening).toBeInstanceOf(CancelledError);
  });
});
