import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterAll, describe, expect, test } from 'vitest';
import { ConfigError, FatalError } from '#dataflow';
import { chunksOf } from '#testing';
import { bytesOf } from '#testing/bytes-of.ts';
import { command, commandMissing } from '#testing/peers/command.ts';
import { spool } from '../spool.ts';
import { type UnzipOptions, unzip } from './read.ts';
import { zip } from './write.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'idsync-zip-'));
afterAll(() => rmSync(folder, { recursive: true }));

const timeMs = Date.UTC(2024, 1, 29, 12, 34, 56);
const text = Buffer.from(Array.from({ length: 30_000 }, (_, i) => `${i},name ${i * 7919}\n`).join(''));
const pack = (bytes: Uint8Array, password?: string, size = 10_000) =>
  bytesOf(zip(chunksOf(bytes, size), { name: 'größe.csv', timeMs, password }));

async function open(bytes: Uint8Array, options: Partial<UnzipOptions> = {}) {
  await using archive = await spool(chunksOf(bytes, 65_536), folder);
  const notes: string[] = [];
  const files: Record<string, Buffer> = {};
  const limits = { maxExpansion: 200, maxBytes: 1 << 30, maxEntries: 100 };
  for await (const file of unzip(archive, { fileName: 'a.zip', ...limits, onNote: (note) => notes.push(note), ...options }))
    files[file.name] = await bytesOf(file.read());
  return { files, notes, names: Object.keys(files) };
}

interface HandMade {
  name: string;
  data?: Buffer;
  /** Claimed size, when it is not the true one. */
  claims?: number;
  attributes?: number;
}

/** An archive as no honest program makes it. */
function handMade(entries: readonly HandMade[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, data = Buffer.from('x'), claims = data.length, attributes = 0 } of entries) {
    const packed = deflateRawSync(data);
    const nameBytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x0800, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(0x585d_6440, 6);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(claims, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    locals.push(Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes, packed);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(attributes, 6);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), common, rest, nameBytes);
    offset += 30 + nameBytes.length + packed.length;
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, listed, Buffer.from('PK\x05\x06', 'latin1'), end]);
}

test.each([undefined, 'secret', 'geheim ü 🔑'])('reads back what it wrote with the password %s', async (password) => {
  for (const content of [Buffer.alloc(0), Buffer.from('x'), text]) {
    const { files, notes } = await open(await pack(content, password), { password });
    expect(files).toEqual({ 'größe.csv': content });
    expect(notes).toEqual([]);
  }
});

test('a password for an archive without one does not matter', async () => {
  expect((await open(await pack(text), { password: 'x' })).names).toEqual(['größe.csv']);
});

test('a missing and a wrong password name the field', async () => {
  const packed = await pack(text, 'secret');
  const missing = await open(packed).catch((error: unknown) => error);
  expect(missing).toBeInstanceOf(ConfigError);
  expect(missing).toMatchObject({
    field: 'params.password',
    message: 'The entry "größe.csv" of a.zip is encrypted and no password is set. Set password.',
  });
  await expect(open(packed, { password: 'wrong' })).rejects.toThrow('the password is wrong');
});

test('an entry changed after it was encrypted fails', async () => {
  const packed = await pack(text, 'secret');
  packed[packed.length >> 1] = (packed[packed.length >> 1] as number) ^ 1;
  await expect(open(packed, { password: 'secret' })).rejects.toThrow('was changed after it was encrypted');
});

test('hand-made archives are read when nothing is wrong with them', async () => {
  const entries = [{ name: 'a.csv', data: text }, { name: 'in/b.csv' }, { name: 'win\\c.csv' }];
  expect((await open(handMade(entries))).names).toEqual(['a.csv', 'b.csv', 'c.csv']);
});

test('entries of one name, folders, links and extras of macOS', async () => {
  const link = (0o120777 << 16) >>> 0;
  const { names, notes } = await open(
    handMade([
      { name: 'a.csv' },
      { name: 'in/' },
      { name: 'in/a.csv' },
      { name: '__MACOSX/._a.csv' },
      { name: 'in/.DS_Store' },
      { name: 'link', data: Buffer.from('/etc/passwd'), attributes: link },
      { name: 'a.csv' },
      { name: '__proto__' },
    ]),
  );
  expect(names).toEqual(['a.csv', 'a_1.csv', 'a_2.csv']);
  expect(notes).toHaveLength(3);
  expect(notes.join()).toContain('"link" is a symbolic link');
});

test.each(['../a', 'in/../../a', '..\\a', '/etc/cron.d/a', 'C:/a', 'c:\\a', '\\\\host\\a', 'a\u0000.csv', 'in/.'])(
  'the name %j is not to be trusted',
  async (name) => {
    const error = await open(handMade([{ name: 'good.csv' }, { name }])).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FatalError);
    expect((error as Error).message).toContain('a.zip is not to be trusted');
  },
);

test('limits of entries and size stop an archive, whatever it claims', async () => {
  const many = handMade(Array.from({ length: 101 }, (_, i) => ({ name: `${i}` })));
  await expect(open(many)).rejects.toThrow('holds more than 100 entries');
  const large = Buffer.alloc(3 * 1024 * 1024);
  await expect(open(handMade([{ name: 'a', data: large }]), { maxBytes: 1024 * 1024 })).rejects.toThrow(
    'says that it unpacks to more than 1 MB',
  );
  await expect(open(handMade([{ name: 'a', data: large, claims: 10 }]), { maxBytes: 1024 * 1024 })).rejects.toThrow(
    /more than 1 MB|damaged/,
  );
});

test('a directory too large for the memory is refused', async () => {
  const archive = handMade(Array.from({ length: 1050 }, (_, i) => ({ name: `${i}${'n'.repeat(65_000)}` })));
  await expect(open(archive, { maxEntries: 1_000_000 })).rejects.toThrow('a.zip has a directory of more than 64 MB');
});

test('a bomb is stopped', async () => {
  const bomb = handMade(Array.from({ length: 5 }, (_, i) => ({ name: `${i}`, data: Buffer.alloc(64 * 1024 * 1024) })));
  await expect(open(bomb, { maxExpansion: 500 })).rejects.toThrow('a.zip expands to more than 500 times its size');
});

test('entries that share their bytes are refused', async () => {
  const archive = handMade([
    { name: 'a', data: text },
    { name: 'b', data: text },
  ]);
  const second = archive.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1'));
  archive.writeUInt32LE(0, second + 42);
  await expect(open(archive)).rejects.toThrow(/shares its bytes|contradicts itself/);
});

test('cut off anywhere, an archive fails and names itself', async () => {
  const packed = await pack(text.subarray(0, 300));
  for (let length = 0; length < packed.length; length++) {
    const error = await open(packed.subarray(0, length)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(FatalError);
    expect((error as Error).message).toContain('a.zip');
  }
});

test('a damaged entry fails, and what is no zip says so', async () => {
  const packed = handMade([{ name: 'a', data: text }]);
  packed[5000] = (packed[5000] as number) ^ 1;
  await expect(open(packed)).rejects.toThrow('The entry "a" of a.zip is damaged');
  await expect(open(Buffer.from('UID,email\n'))).rejects.toThrow('a.zip is no zip file');
});

test('a fault of the bytes’ origin comes through as it is, and leaving early lets go of it', async () => {
  let released = 0;
  async function* failing() {
    try {
      for (let i = 0; i < 20; i++) yield text;
      throw new Error('The server hung up.');
    } finally {
      released++;
    }
  }
  await expect(bytesOf(zip(failing(), { name: 'a', timeMs }))).rejects.toThrow('The server hung up.');
  await expect(spool(failing(), folder)).rejects.toThrow('The server hung up.');
  for await (const _ of zip(failing(), { name: 'a', timeMs })) break;
  expect(released).toBe(3);
  expect(readdirSync(folder)).toEqual([]);
});

const missing = commandMissing('zip', 'unzip', '7z');

describe.skipIf(missing)(`against zip, unzip and 7z (${missing ?? 'all found'})`, () => {
  const inFolder = (name: string) => path.join(folder, name);
  const peer = (program: string, ...args: string[]) => command(program, args, { cwd: folder });
  const clean = () => {
    for (const name of readdirSync(folder)) rmSync(inFolder(name), { recursive: true });
  };

  test('they read what we write, name and time included', async () => {
    writeFileSync(inFolder('ours.zip'), await pack(text));
    peer('unzip', '-q', 'ours.zip');
    expect(readFileSync(inFolder('größe.csv')).equals(text)).toBe(true);
    expect(statSync(inFolder('größe.csv')).mtimeMs).toBe(timeMs);
    expect(peer('7z', 't', 'ours.zip').toString()).toContain('Everything is Ok');
    clean();
  });

  test('7z decrypts what we encrypt, and refuses another password', async () => {
    writeFileSync(inFolder('ours.zip'), await pack(text, 'secret'));
    expect(peer('7z', 'x', '-so', '-psecret', 'ours.zip').equals(text)).toBe(true);
    expect(() => peer('7z', 't', '-pwrong', 'ours.zip')).toThrow();
    expect(peer('7z', 'l', '-slt', 'ours.zip').toString()).toContain('AES-256');
    clean();
  });

  test.each([
    ['zip', ['-q', '-r']],
    ['zip', ['-q', '-r', '-0']],
    ['zip', ['-q', '-r', '-fz']],
    ['zip', ['-q', '-r', '-P', 'secret']],
    ['7z', ['a', '-tzip']],
    ['7z', ['a', '-tzip', '-mm=Deflate64']],
    ['7z', ['a', '-tzip', '-psecret', '-mem=AES256']],
    ['7z', ['a', '-tzip', '-psecret', '-mem=AES128']],
    ['7z', ['a', '-tzip', '-psecret', '-mem=ZipCrypto']],
  ])('we read what %s %j writes', async (program, options) => {
    mkdirSync(inFolder('in'));
    writeFileSync(inFolder('in/größe.csv'), text);
    writeFileSync(inFolder('b.txt'), 'b');
    peer(program, ...options, 'theirs.zip', 'in', 'b.txt');
    const { files } = await open(readFileSync(inFolder('theirs.zip')), { password: 'secret' });
    expect(Object.keys(files).sort()).toEqual(['b.txt', 'größe.csv']);
    expect(files['größe.csv']?.equals(text)).toBe(true);
    clean();
  });

  test('links of zip -y are passed over', async () => {
    writeFileSync(inFolder('a.txt'), 'a');
    symlinkSync('/etc/passwd', inFolder('link'));
    peer('zip', '-q', '-y', 'theirs.zip', 'a.txt', 'link');
    expect(await open(readFileSync(inFolder('theirs.zip')))).toMatchObject({
      names: ['a.txt'],
      notes: [expect.stringContaining('symbolic link')],
    });
    clean();
  });

  test('a method that is not known, and a part of several, say so', async () => {
    writeFileSync(inFolder('a.txt'), text);
    peer('7z', 'a', '-tzip', '-mm=LZMA', 'lzma.zip', 'a.txt');
    await expect(open(readFileSync(inFolder('lzma.zip')))).rejects.toThrow('compressed by a method that is not known here');
    peer('zip', '-q', '-0', '-s', '64k', 'split.zip', 'a.txt');
    await expect(open(readFileSync(inFolder('split.zip')))).rejects.toThrow('one part of an archive in several parts');
    clean();
  });
});
