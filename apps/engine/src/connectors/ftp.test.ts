import { createHash, randomBytes } from 'node:crypto';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { CancelledError, errorCodes, FatalError, RetryableError } from '#dataflow';
import { fakeContext, type LogEntry, leakCheck } from '#testing';
import { startCuttingProxy } from '#testing/peers/cutting-proxy.ts';
import { type FtpHabits, startScriptedFtp } from '#testing/peers/scripted-ftp.ts';
import { startVsftpd, type Vsftpd, vsftpdMissing } from '#testing/peers/vsftpd.ts';
import type { FtpSettings } from './ftp/settings.ts';
import { openFtp } from './ftp.ts';

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

const settingsOf = (server: Vsftpd, security: FtpSettings['security']): FtpSettings => ({
  host: server.host,
  port: server.port,
  username: server.username,
  password: server.password,
  security,
  certificateAuthority: security === 'none' ? undefined : server.certificate,
  timeoutMs: 10_000,
});

const why = vsftpdMissing ? ` (skipped: ${vsftpdMissing})` : '';

describe.skipIf(vsftpdMissing).each(['none', 'explicit', 'implicit'] as const)(`FTP with vsftpd, encryption %s${why}`, (security) => {
  let server: Vsftpd;
  let folder = '';
  beforeAll(async () => {
    server = await startVsftpd({ security });
  });
  afterAll(() => server.stop());
  beforeEach(({ task }) => {
    folder = task.id;
  });

  const open = (changed: Partial<FtpSettings> = {}, { context = fakeContext(), use = 'write' as 'read' | 'write' } = {}) =>
    openFtp({ ...settingsOf(server, security), ...changed }, context, { folder, use });
  const onServer = (...parts: string[]) => path.join(server.folder, ...parts);

  test('6 MB go up and come down unchanged, in chunks of any size', async () => {
    const bytes = randomBytes(6 * 1024 * 1024 + 12_345);
    await using ftp = await open();
    expect(await ftp.makeFolder(`${folder}/a b`)).toBe(true);
    expect(await ftp.makeFolder(`${folder}/a b`)).toBe(false);
    for (const chunkSize of [999, 32_768, 1_000_003]) {
      await ftp.upload(fileOf('big.bin', bytes, chunkSize), { folder: `${folder}/a b`, temporaryName: 'big.bin.uploading' });
      expect(sha256(readFileSync(onServer(folder, 'a b', 'big.bin')))).toBe(sha256(bytes));
    }
    const { files } = await ftp.list(`${folder}/a b`);
    expect(files).toMatchObject([{ name: 'big.bin', size: bytes.length, timeIsExact: true }]);
    for (const file of files) expect(sha256(await contentOf(ftp.read(file)))).toBe(sha256(bytes));
  });

  test('an empty file goes up and comes down empty', async () => {
    await using ftp = await open();
    await ftp.makeFolder(folder);
    expect(await ftp.upload(fileOf('empty', Buffer.alloc(0)), { folder, temporaryName: '.empty' })).toBe(0);
    const { files } = await ftp.list(folder);
    for (const file of files) expect(await contentOf(ftp.read(file))).toHaveLength(0);
    expect(files).toHaveLength(1);
  });

  test('a listing holds files and links to files with the exact time, hidden ones too, and nothing else', async () => {
    mkdirSync(onServer(folder, 'sub'), { recursive: true });
    for (const name of ['one.csv', '.hidden', 'with  blanks .csv', 'grüße.csv']) writeFileSync(onServer(folder, name), 'abc');
    symlinkSync('one.csv', onServer(folder, 'link.csv'));
    symlinkSync('sub', onServer(folder, 'link-to-folder'));
    symlinkSync('nowhere', onServer(folder, 'broken.csv'));
    const time = new Date('2024-03-01T12:34:56.000Z');
    utimesSync(onServer(folder, 'one.csv'), time, time);
    await using ftp = await open();
    const { files } = await ftp.list(folder);
    expect(files.map(({ name }) => name).sort()).toEqual(['.hidden', 'grüße.csv', 'link.csv', 'one.csv', 'with  blanks .csv']);
    expect(files.find(({ name }) => name === 'one.csv')).toMatchObject({ size: 3, modifiedMs: time.getTime(), timeIsExact: true });
    expect((await ftp.list(folder, (all) => all.filter(({ name }) => name === 'one.csv'))).files).toHaveLength(1);
  });

  test('leaving a download early ends the transfer, and the connection is used again', async () => {
    mkdirSync(onServer(folder));
    chmodSync(onServer(folder), 0o777);
    writeFileSync(onServer(folder, 'long.bin'), randomBytes(5_000_000));
    await leakCheck(async (signal) => {
      await using ftp = await open({}, { context: fakeContext({ signal }) });
      const { files } = await ftp.list(folder);
      for (const file of files) for await (const chunk of ftp.read(file)) if (chunk.length > 0) break;
      expect((await ftp.list(folder)).files).toHaveLength(1);
      await ftp.upload(fileOf('copy.bin', randomBytes(100_000)), { folder, temporaryName: '.copy' });
    });
  });

  test('sessions that are ended by the server between two files are opened again', async () => {
    const log: LogEntry[] = [];
    await using ftp = await open({}, { context: fakeContext({ log }) });
    await ftp.makeFolder(folder);
    await ftp.upload(fileOf('one', Buffer.from('1')), { folder, temporaryName: '.one' });
    server.killSessions();
    await ftp.makeFolder(folder);
    await ftp.upload(fileOf('two', Buffer.from('2')), { folder, temporaryName: '.two' });
    expect(readdirSync(onServer(folder)).sort()).toEqual(['one', 'two']);
    expect(log.map(({ message }) => message).join()).toContain('has been opened again');
  });

  test('a download whose session is killed half way goes on where it was', async () => {
    mkdirSync(onServer(folder));
    const bytes = randomBytes(20_000_000);
    writeFileSync(onServer(folder, 'long.bin'), bytes);
    const log: LogEntry[] = [];
    await using ftp = await open({}, { context: fakeContext({ log }) });
    const chunks: Uint8Array[] = [];
    for (const file of (await ftp.list(folder)).files) {
      for await (const chunk of ftp.read(file)) {
        if (chunks.length === 3) server.killSessions();
        chunks.push(chunk);
      }
    }
    expect(sha256(Buffer.concat(chunks))).toBe(sha256(bytes));
    expect(log.some(({ message }) => /read on from byte [1-9]/.test(message))).toBe(true);
  });

  test('a download that was cut is not put together with a file that changed meanwhile', async () => {
    mkdirSync(onServer(folder));
    writeFileSync(onServer(folder, 'long.bin'), randomBytes(20_000_000));
    await using ftp = await open();
    const reading = (async () => {
      for (const file of (await ftp.list(folder)).files) {
        let count = 0;
        for await (const _ of ftp.read(file)) {
          if (++count !== 3) continue;
          server.killSessions();
          writeFileSync(onServer(folder, 'long.bin'), randomBytes(19_999_999));
        }
      }
    })();
    await expect(reading).rejects.toThrow(/not the same any more/);
  });

  test('an upload whose session is killed leaves neither the file nor its temporary name', async () => {
    const { host, port, username } = server;
    await using ftp = await open();
    await ftp.makeFolder(folder);
    const endless = {
      name: 'torn.csv',
      read: async function* () {
        for (let count = 0; ; count++) {
          yield Buffer.alloc(64 * 1024, 'x');
          if (count === 40) server.killSessions();
        }
      },
    };
    const thrown = await failureOf(ftp.upload(endless, { folder, temporaryName: '.torn.csv.part' }));
    expect(thrown).toBeInstanceOf(FatalError);
    expect(thrown).toMatchObject({ details: { host, port, user: username } });
    expect(String(thrown)).toMatch(/Writing torn\.csv failed: error = .*run the job again/);
    expect(readdirSync(onServer(folder))).toEqual([]);
  });

  test('a source that fails half way leaves neither the file nor its temporary name', async () => {
    await using ftp = await open();
    await ftp.makeFolder(folder);
    const failing = {
      name: 'half.csv',
      read: async function* () {
        yield Buffer.alloc(2_000_000, 'x');
        throw new Error('the disk broke');
      },
    };
    await expect(ftp.upload(failing, { folder, temporaryName: 'half.csv.uploading' })).rejects.toThrow('the disk broke');
    expect(readdirSync(onServer(folder))).toEqual([]);
  });

  test('stopping the job ends an upload at once, lets its source go and removes the temporary file', async () => {
    const stop = new AbortController();
    let released = false;
    await using ftp = await open({}, { context: fakeContext({ signal: stop.signal }) });
    await ftp.makeFolder(folder);
    const endless = {
      name: 'stopped.csv',
      read: async function* () {
        try {
          for (let count = 0; ; count++) {
            yield Buffer.alloc(64 * 1024, 'x');
            if (count === 20) stop.abort();
          }
        } finally {
          released = true;
        }
      },
    };
    expect(await failureOf(ftp.upload(endless, { folder, temporaryName: '.stopped.part' }))).toBeInstanceOf(CancelledError);
    await expect.poll(() => released).toBe(true);
    expect(readdirSync(onServer(folder))).toEqual([]);
  });

  test('names that would leave the folder or the line of a command are refused', async () => {
    await using ftp = await open();
    for (const name of ['../evil', 'a/b', '..', '', 'a\r\nDELE b']) {
      await expect(ftp.upload(fileOf(name, Buffer.from('x')), { folder: '', temporaryName: '.x' })).rejects.toThrow(/cannot be the name/);
    }
    await expect(ftp.makeFolder('a\r\nDELE b')).rejects.toThrow(/cannot be a remote folder/);
  });

  test('missing folders, missing rights and wrong passwords are told with cause, host, user and port', async () => {
    const { host, port, username } = server;
    await using ftp = await open();
    const missing = await failureOf(ftp.list('no-such-folder'));
    expect(missing).toMatchObject({ code: errorCodes.notFound, details: { host, port, user: username } });
    expect(String(missing)).toMatch(/Listing the folder no-such-folder failed: error = refused by the server, cause = 550/);
    mkdirSync(onServer(folder), { mode: 0o755 });
    chownSync(onServer(folder), 0, 0);
    chmodSync(onServer(folder), 0o755);
    const denied = await failureOf(ftp.upload(fileOf('a', Buffer.from('x')), { folder, temporaryName: '.a' }));
    expect(denied).toMatchObject({ code: errorCodes.notAllowed });
    expect(String(denied)).toContain('Give the user the right');
    const refused = await failureOf(open({ password: 'certainly-wrong' }));
    expect(refused).toBeInstanceOf(FatalError);
    expect(refused).toMatchObject({ code: errorCodes.authenticationFailed });
    expect(String(refused)).toContain('login refused');
    expect(JSON.stringify([refused, String(refused), (refused as Error).stack])).not.toContain('certainly-wrong');
  });

  test('the test of a connection proves the right to list, or to write', async () => {
    mkdirSync(onServer(folder));
    chmodSync(onServer(folder), 0o777);
    await using reader = await open({}, { use: 'read' });
    expect(await reader.test()).toContain(`is logged in to ${server.host}:${server.port}; ${folder} holds 0 files`);
    await using writer = await open();
    expect(await writer.test()).toContain('may write');
    expect(readdirSync(onServer(folder))).toEqual([]);
  });
});

describe.skipIf(vsftpdMissing)(`certificates of FTPS servers${why}`, () => {
  const purpose = { folder: '', use: 'read' } as const;

  test.each(['explicit', 'implicit'] as const)('%s: self-signed is refused, trusted by authority or by fingerprint', async (security) => {
    const server = await startVsftpd({ security });
    try {
      const settings = { ...settingsOf(server, security), certificateAuthority: undefined };
      const refused = await failureOf(openFtp(settings, fakeContext(), purpose));
      expect(refused).toBeInstanceOf(FatalError);
      expect(String(refused)).toMatch(/certificate refused, cause = its certificate is self-signed.*certificateSha256/);
      for (const certificateSha256 of [server.certificateSha256, server.certificateSha256.replaceAll(':', '').toLowerCase()]) {
        await using ftp = await openFtp({ ...settings, certificateSha256 }, fakeContext(), purpose);
        expect(await ftp.test()).toContain('0 files');
      }
      const pinned = await failureOf(openFtp({ ...settings, certificateSha256: 'ab'.repeat(32) }, fakeContext(), purpose));
      expect(pinned).toMatchObject({ code: errorCodes.hostKeyMismatch });
      expect(String(pinned)).toContain(server.certificateSha256);
      const otherName = await failureOf(
        openFtp({ ...settingsOf(server, security), host: 'localhost.localdomain' }, fakeContext(), purpose),
      );
      expect(String(otherName)).toMatch(/no such host name|certificate is for another host/);
    } finally {
      await server.stop();
    }
  });

  test('an expired certificate is told, and the wrong kind of encryption too', async () => {
    const server = await startVsftpd({ security: 'explicit', expired: true });
    try {
      const expired = await failureOf(openFtp(settingsOf(server, 'explicit'), fakeContext(), purpose));
      expect(String(expired)).toContain('its certificate has expired (CERT_HAS_EXPIRED)');
      const implicit = await failureOf(openFtp({ ...settingsOf(server, 'implicit'), timeoutMs: 1000 }, fakeContext(), purpose));
      expect(String(implicit)).toMatch(/no encrypted connection.*Check port and encryption/);
      const none = await failureOf(openFtp(settingsOf(server, 'none'), fakeContext(), purpose));
      expect(String(none)).toMatch(/530.*Check the encryption of the step/);
    } finally {
      await server.stop();
    }
  });

  test('a server without encryption refuses AUTH TLS, which is told', async () => {
    const server = await startVsftpd({ security: 'none' });
    try {
      const thrown = await failureOf(openFtp(settingsOf(server, 'explicit'), fakeContext(), purpose));
      expect(String(thrown)).toMatch(/cause = 5\d\d .*Check the encryption of the step|login refused/);
    } finally {
      await server.stop();
    }
  });
});

describe.skipIf(vsftpdMissing)(`FTP servers in trouble${why}`, () => {
  test('a server that takes no more bytes fails the upload and keeps nothing of it', async () => {
    const server = await startVsftpd({ largestFileBytes: 1_000_000 });
    try {
      await using ftp = await openFtp(settingsOf(server, 'none'), fakeContext(), { folder: '', use: 'write' });
      const thrown = await failureOf(ftp.upload(fileOf('full.csv', randomBytes(8_000_000)), { folder: '', temporaryName: '.full' }));
      expect(thrown).toBeInstanceOf(FatalError);
      expect(readdirSync(server.folder)).toEqual([]);
      await ftp.upload(fileOf('small.csv', randomBytes(800_000)), { folder: '', temporaryName: '.small' });
      expect(readdirSync(server.folder)).toEqual(['small.csv']);
    } finally {
      await server.stop();
    }
  });

  test('a control connection that is cut in the middle of a listing is opened again', async () => {
    const server = await startVsftpd();
    const proxy = await startCuttingProxy(server.port);
    try {
      for (const name of ['a', 'b', 'c']) writeFileSync(path.join(server.folder, name), name);
      const log: LogEntry[] = [];
      const context = fakeContext({ log });
      await using ftp = await openFtp({ ...settingsOf(server, 'none'), port: proxy.port }, context, { folder: '', use: 'read' });
      proxy.cut();
      expect((await ftp.list('')).files).toHaveLength(3);
      expect(proxy.connections()).toBe(2);
    } finally {
      await proxy.stop();
      await server.stop();
    }
  });
});

describe('habits of other FTP servers', () => {
  const time = new Date('2024-03-01T12:34:56.000Z');
  const started = async (habits: FtpHabits) => {
    const server = await startScriptedFtp(habits);
    server.files.set('a.csv', { content: Buffer.from('content'), time });
    const settings: FtpSettings = {
      host: '127.0.0.1',
      port: server.port,
      username: 'etl',
      password: 'pw',
      security: 'none',
      timeoutMs: 10_000,
    };
    const ftp = await openFtp(settings, fakeContext(), { folder: '', use: 'write' });
    const stop = async () => {
      await ftp[Symbol.asyncDispose]();
      await server.stop();
    };
    return { server, ftp, [Symbol.asyncDispose]: stop };
  };

  test('a PASV answer that names another host leads to the host of the control connection all the same', async () => {
    await using at = await started({ pasvHost: '192.0.2.1', mdtm: true });
    for (const file of (await at.ftp.list('')).files) expect(String(await contentOf(at.ftp.read(file)))).toBe('content');
    await at.ftp.upload(fileOf('b.csv', Buffer.from('up')), { folder: '', temporaryName: '.b' });
    expect(at.server.files.get('b.csv')?.content.toString()).toBe('up');
    expect(at.server.commands.filter((command) => command === 'EPSV')).toHaveLength(1);
  });

  test.each([
    ['MLSD', { mlsd: true, epsv: true }, true, time.getTime()],
    ['MDTM', { mdtm: true, epsv: true }, true, time.getTime()],
    ['LIST', { epsv: true }, false, Date.UTC(2024, 2, 2, 12) - 1],
  ] as const)('times come from %s', async (_, habits, timeIsExact, modifiedMs) => {
    await using at = await started(habits);
    expect((await at.ftp.list('')).files).toMatchObject([{ name: 'a.csv', size: 7, modifiedMs, timeIsExact }]);
  });

  test('a server that does not rename over files has the old one removed', async () => {
    await using at = await started({ epsv: true });
    await at.ftp.upload(fileOf('a.csv', Buffer.from('new')), { folder: '', temporaryName: '.a' });
    expect([...at.server.files].map(([name, { content }]) => [name, String(content)])).toEqual([['a.csv', 'new']]);
  });

  test('listed names that would leave the folder are left out and counted', async () => {
    const line = (name: string) => `-rw-r--r-- 1 a b 3 Mar 01 2024 ${name}`;
    await using at = await started({ epsv: true, extraLines: [line('../evil'), line('a/b'), line('tab\there')] });
    const { files, unsafe } = await at.ftp.list('');
    expect(files.map(({ name }) => name)).toEqual(['a.csv']);
    expect(unsafe).toBe(3);
  });
});

describe('reaching an FTP server', () => {
  const settings: FtpSettings = {
    host: '127.0.0.1',
    port: 1,
    username: 'etl',
    password: 'secret-word',
    security: 'none',
    timeoutMs: 10_000,
  };
  const open = (changed: Partial<FtpSettings>, context = fakeContext()) =>
    openFtp({ ...settings, ...changed }, context, { folder: '', use: 'read' });

  test('a refused connection may be tried again, a name that does not exist not', async () => {
    const refused = await failureOf(open({}));
    expect(refused).toBeInstanceOf(RetryableError);
    expect(String(refused)).toContain('cause = connection refused (ECONNREFUSED), host = 127.0.0.1, user = etl, port = 1');
    const unknown = await failureOf(open({ host: 'no-such-host.invalid' }));
    expect(String(unknown)).toContain('host = no-such-host.invalid');
  });

  test.each(['none', 'implicit'] as const)('an address the operator does not allow is not connected to (%s)', async (security) => {
    const address = (host: string, found: string) => {
      throw new FatalError(`${host} is ${found}, which is not allowed.`, { code: 'notAllowed' });
    };
    const refuse = { ...fakeContext(), access: { localPath: (file: string) => file, address } };
    for (const host of ['127.0.0.1', 'localhost']) {
      await expect(open({ host, security }, refuse)).rejects.toThrow(new RegExp(`${host} is .*not allowed`));
    }
  });
});
