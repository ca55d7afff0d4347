import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type ClientChannel } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeKeyPair } from './key-pair.ts';
import { type SftpServer, startSftp } from './start-sftp.ts';

const keys = makeKeyPair();
let base: string;
let server: SftpServer;
let client: SftpClient;

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'sftp-'));
  server = await startSftp({
    folder: join(base, 'files'),
    users: [
      { username: 'ann', password: 'pass word' },
      { username: 'kim', publicKey: keys.public },
    ],
  });
  client = quietClient();
});

afterEach(async () => {
  await client.end().catch(() => {});
  await server.stop();
  rmSync(base, { recursive: true });
});

/** A socket of our own, because ssh2 leaves Nagle's algorithm on and then every write waits for a delayed ACK. */
function socketTo({ port, host }: SftpServer): Socket {
  return createConnection({ port, host, noDelay: true });
}

/** Without listeners of its own ssh2-sftp-client prints every closed connection. */
function quietClient(): SftpClient {
  return new SftpClient('test', { error: () => {}, end: () => {}, close: () => {} });
}

function connect(login: object = { username: 'ann', password: 'pass word' }): Promise<unknown> {
  return client.connect({ sock: socketTo(server), ...login });
}

describe('sign-in', () => {
  it('takes a password', async () => {
    await connect();
    expect(await client.list('/')).toEqual([]);
  });

  it('takes a key', async () => {
    await connect({ username: 'kim', privateKey: keys.private });
    expect(await client.cwd()).toBe('/');
  });

  it.each([
    ['a wrong password', { username: 'ann', password: 'password' }],
    ['an unknown user', { username: 'bob', password: 'pass word' }],
    ['another key', { username: 'kim', privateKey: makeKeyPair().private }],
  ])('refuses %s', async (_what, login) => {
    await expect(connect(login)).rejects.toThrow(/authentication/i);
  });

  it('shows the same host key after a restart, and the fingerprint it promised', async () => {
    await server.stop();
    const again = await startSftp({ folder: server.folder, users: [{ username: 'ann', password: 'pass word' }] });
    let seen = '';
    await client.connect({
      sock: socketTo(again),
      username: 'ann',
      password: 'pass word',
      hostVerifier: (key: Buffer) => {
        seen = createHash('sha256').update(key).digest('base64').replace(/=+$/, '');
        return true;
      },
    });
    expect(again.hostKeySha256).toBe(server.hostKeySha256);
    expect(seen).toBe(server.hostKeySha256);
    await again.stop();
  });
});

it('closes a session whose client has sent its end, which OpenSSH waits for', async () => {
  const raw = new ssh2.Client();
  const ready = once(raw, 'ready');
  raw.connect({ sock: socketTo(server), username: 'ann', password: 'pass word' });
  await ready;
  const channel = await new Promise<ClientChannel>((resolve, reject) =>
    raw.subsys('sftp', (error, opened) => (error ? reject(error) : resolve(opened))),
  );
  channel.resume();
  const closed = once(channel, 'close');
  channel.end();
  await closed;
  const gone = once(raw, 'close');
  raw.end();
  await gone;
});

describe('files', () => {
  beforeEach(() => connect());

  it('gives back the bytes of a file of several megabytes', async () => {
    const content = randomBytes(3 * 1024 * 1024 + 17);
    await client.put(content, '/big.bin');
    expect(readFileSync(join(server.folder, 'big.bin')).equals(content)).toBe(true);
    expect(content.equals((await client.get('/big.bin')) as Buffer)).toBe(true);
  });

  it('serves parallel reads and writes of many pieces', async () => {
    const content = randomBytes(8 * 1024 * 1024);
    writeFileSync(join(base, 'up.bin'), content);
    await client.fastPut(join(base, 'up.bin'), '/fast.bin');
    await client.fastGet('/fast.bin', join(base, 'down.bin'));
    expect(readFileSync(join(base, 'down.bin')).equals(content)).toBe(true);
  });

  it('keeps several files open at once', async () => {
    const names = Array.from({ length: 8 }, (_, at) => `/part-${at}.txt`);
    await Promise.all(names.map((name) => client.put(Buffer.from(name.repeat(10_000)), name)));
    const contents = await Promise.all(names.map((name) => client.get(name)));
    expect(contents.map(String)).toEqual(names.map((name) => name.repeat(10_000)));
  });

  it('appends', async () => {
    await client.put(Buffer.from('one,'), '/log.txt');
    await client.append(Buffer.from('two'), '/log.txt');
    expect(String(await client.get('/log.txt'))).toBe('one,two');
  });

  it('makes, lists, renames and removes', async () => {
    await client.mkdir('/a/b', true);
    await client.put(Buffer.from('x'), '/a/b/ünï "1".txt');
    const [entry] = await client.list('/a/b');
    expect(entry).toMatchObject({ name: 'ünï "1".txt', type: '-', size: 1 });
    await client.rename('/a/b/ünï "1".txt', '/a/done.txt');
    expect((await client.stat('/a/done.txt')).isFile).toBe(true);
    await client.delete('/a/done.txt');
    await client.rmdir('/a', true);
    expect(await client.list('/')).toEqual([]);
  });

  it('lists a folder larger than one reply', async () => {
    for (let at = 0; at < 300; at++) writeFileSync(join(server.folder, `file-${at}`), '');
    expect(await client.list('/')).toHaveLength(300);
  });

  it('refuses to rename onto a file that exists', async () => {
    await client.put(Buffer.from('a'), '/a');
    await client.put(Buffer.from('b'), '/b');
    await expect(client.rename('/a', '/b')).rejects.toThrow(/already exists/);
    expect(String(await client.get('/b'))).toBe('b');
  });

  it('tells that a file is not there', async () => {
    await expect(client.get('/none.csv')).rejects.toThrow(/no such file/i);
    expect(await client.exists('/none.csv')).toBe(false);
  });

  it('sets mode and size', async () => {
    await client.put(Buffer.from('12345'), '/f');
    await client.chmod('/f', 0o600);
    expect((await client.stat('/f')).mode & 0o777).toBe(0o600);
  });
});

describe('the folder', () => {
  beforeEach(() => connect());

  it('cannot be left by dots', async () => {
    writeFileSync(join(base, 'secret.txt'), 'outside');
    await expect(client.get('/../secret.txt')).rejects.toThrow(/no such file/i);
    await client.put(Buffer.from('x'), '../../up.txt');
    expect(existsSync(join(server.folder, 'up.txt'))).toBe(true);
  });

  it('cannot be left by a link, present or dangling', async () => {
    writeFileSync(join(base, 'secret.txt'), 'outside');
    symlinkSync(base, join(server.folder, 'out'));
    symlinkSync(join(base, 'not-yet.txt'), join(server.folder, 'dangling'));
    await expect(client.get('/out/secret.txt')).rejects.toThrow(/permission denied/i);
    await expect(client.put(Buffer.from('x'), '/dangling')).rejects.toThrow(/permission denied/i);
    expect(existsSync(join(base, 'not-yet.txt'))).toBe(false);
  });
});

describe('faults', () => {
  it('refuses every login', async () => {
    server.faults.set({ refuseLogin: true });
    await expect(connect()).rejects.toThrow(/authentication/i);
  });

  it('cuts the connection in the middle of an upload', async () => {
    await connect();
    server.faults.set({ cutAfterBytes: 100_000 });
    await expect(client.put(randomBytes(1_000_000), '/cut.bin')).rejects.toThrow();
    expect(readFileSync(join(server.folder, 'cut.bin')).length).toBeLessThanOrEqual(100_000);
  });

  it('runs out of space', async () => {
    await connect();
    writeFileSync(join(base, 'up.bin'), randomBytes(1_000_000));
    server.faults.set({ diskFullAfterBytes: 100_000 });
    await expect(client.fastPut(join(base, 'up.bin'), '/full.bin')).rejects.toThrow(/no space left/i);
    server.faults.clear();
    await client.fastPut(join(base, 'up.bin'), '/full.bin');
    expect((await client.stat('/full.bin')).size).toBe(1_000_000);
  });

  it('delays each write', async () => {
    await connect();
    server.faults.set({ delayWriteMs: 40 });
    const start = performance.now();
    await client.put(randomBytes(100), '/slow.bin');
    expect(performance.now() - start).toBeGreaterThanOrEqual(39);
  });

  it('stops at once with a client connected and a write under way', async () => {
    await connect();
    server.faults.set({ delayWriteMs: 60_000 });
    const upload = client.put(randomBytes(100), '/slow.bin').catch((error: Error) => error);
    await expect.poll(() => existsSync(join(server.folder, 'slow.bin'))).toBe(true);
    await server.stop();
    expect(await upload).toBeInstanceOf(Error);
  });
});
