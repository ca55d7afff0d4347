import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createMessage,
  enums,
  generateKey,
  encrypt as openpgpEncrypt,
  type PrivateKey,
  type PublicKey,
  reformatKey,
  revokeKey,
} from 'openpgp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ConfigError, FatalError } from '#dataflow';
import { chunksOf } from '#testing';
import { bytesOf } from '#testing/bytes-of.ts';
import { commandMissing } from '#testing/peers/command.ts';
import { type Gpg, startGpg } from '#testing/peers/gpg.ts';
import { type DecryptionOptions, decryptionKeys, decryptPgp } from './decrypt.ts';
import { type EncryptionOptions, encryptionKeys, encryptPgp } from './encrypt.ts';

const spoolFolder = mkdtempSync(path.join(tmpdir(), 'idsync-pgp-'));
afterAll(() => rmSync(spoolFolder, { recursive: true }));

const text = Buffer.from(Array.from({ length: 30_000 }, (_, i) => `${i},name ${i * 7919}\r\n`).join(''));
const contents = [Buffer.alloc(0), Buffer.from('x'), text, randomBytes(900_000)];
const past = new Date('2020-01-01');

async function encrypt(content: Uint8Array, options: Omit<EncryptionOptions, 'armor'> & { armor?: boolean }, size = 50_000) {
  const keys = await encryptionKeys({ armor: false, ...options });
  return bytesOf(encryptPgp(chunksOf(content, size), keys, { name: 'größe.csv', timeMs: 0 }));
}

async function decrypt(packed: Uint8Array, options: DecryptionOptions, size = 50_000, maxExpansion = 200) {
  const keys = await decryptionKeys(options);
  return bytesOf(decryptPgp(chunksOf(packed, size), keys, { fileName: 'a.pgp', maxExpansion, spoolFolder }));
}

interface Pair {
  publicKey: string;
  privateKey: string;
}

const texts = ({ publicKey, privateKey }: { publicKey: PublicKey; privateKey: PrivateKey }): Pair => ({
  publicKey: publicKey.armor(),
  privateKey: privateKey.armor(),
});
const make = async (name: string, options: { passphrase?: string; keyExpirationTime?: number; date?: Date } = {}) =>
  texts(await generateKey({ userIDs: { name, email: `${name}@example.com` }, format: 'object', ...options }));

let ann: Pair;
let bob: Pair;
let locked: Pair;
beforeAll(async () => {
  [ann, bob, locked] = await Promise.all([make('ann'), make('bob'), make('locked', { passphrase: 'open sesame' })]);
});

const failureOf = (promise: Promise<unknown>): Promise<Error> =>
  promise.then(
    () => new Error('It did not fail.'),
    (error: Error) => error,
  );

describe('encrypting and decrypting', () => {
  test.each([true, false])('gives back what went in (armoured: %s)', async (armor) => {
    for (const content of contents) {
      const packed = await encrypt(content, { publicKey: ann.publicKey, armor });
      expect(packed.subarray(0, 10).toString('latin1') === '-----BEGIN').toBe(armor);
      expect((await decrypt(packed, { privateKey: ann.privateKey })).equals(content)).toBe(true);
    }
  });

  test.each([1, 13, 1000, 1_000_000])('is the same in chunks of %i', async (size) => {
    const content = text.subarray(0, 5000);
    for (const armor of [true, false]) {
      const packed = await encrypt(content, { publicKey: ann.publicKey, armor }, size);
      expect((await decrypt(packed, { privateKey: ann.privateKey }, size)).equals(content)).toBe(true);
    }
  });

  test('works for each of several recipients and for nobody else', async () => {
    const packed = await encrypt(text, { publicKey: `${ann.publicKey}\n${bob.publicKey}` });
    for (const { privateKey } of [ann, bob]) expect((await decrypt(packed, { privateKey })).equals(text)).toBe(true);
    expect((await decrypt(packed, { privateKey: locked.privateKey + bob.privateKey, passphrase: 'open sesame' })).equals(text)).toBe(true);
    const error = await failureOf(decrypt(packed, { privateKey: locked.privateKey, passphrase: 'open sesame' }));
    expect(error).toBeInstanceOf(FatalError);
    expect(error.message).toMatch(
      /^a\.pgp is encrypted for other keys \([0-9A-F]{16}, [0-9A-F]{16}\), not for the private key [0-9A-F]{16}\. Correct privateKey/,
    );
  });

  test('takes keys as base64 of text or bytes, on one line, or with escaped line breaks', async () => {
    const forms = (key: string) => [
      Buffer.from(key).toString('base64'),
      key.replaceAll(/\r?\n/g, ' '),
      key.replaceAll(/\r?\n/g, '\\n'),
      key.replace(/^-----.*-----$/gm, '').replace(/^=.*$/m, ''),
      `  ${key}  `,
    ];
    const privates = forms(ann.privateKey);
    for (const [i, publicKey] of forms(ann.publicKey).entries()) {
      const packed = await encrypt(text, { publicKey });
      expect((await decrypt(packed, { privateKey: privates[i] ?? '' })).equals(text)).toBe(true);
    }
  });
});

describe('signatures', () => {
  const signed = (signer: Pair) =>
    encrypt(text, { publicKey: ann.publicKey, signingKey: signer.privateKey, signingPassphrase: 'open sesame' });

  test('by the expected key let the file pass', async () => {
    const packed = await signed(locked);
    for (const verificationKeys of [locked.publicKey, bob.publicKey + locked.publicKey, undefined])
      expect((await decrypt(packed, { privateKey: ann.privateKey, verificationKeys })).equals(text)).toBe(true);
  });

  test('that are missing or by somebody else let nothing pass', async () => {
    const options = { privateKey: ann.privateKey, verificationKeys: bob.publicKey };
    const missing = await failureOf(decrypt(await encrypt(text, { publicKey: ann.publicKey }), options));
    expect(missing.message).toMatch(/^a\.pgp is not signed\. Expected is one by [0-9A-F]{16}\.$/);
    const other = await failureOf(decrypt(await signed(locked), options));
    expect(other.message).toMatch(/^a\.pgp is signed by [0-9A-F]{16}, which is none of the verificationKeys\. /);
  });
});

describe('keys that cannot be used name field, cause and remedy', () => {
  const fault = async (promise: Promise<unknown>) => {
    const error = await failureOf(promise);
    expect(error).toBeInstanceOf(ConfigError);
    return [(error as ConfigError).field, error.message];
  };

  test('a passphrase that is missing or wrong', async () => {
    const { privateKey } = locked;
    expect(await fault(decryptionKeys({ privateKey }))).toEqual([
      'params.passphrase',
      expect.stringMatching(/none is set\. Set passphrase\.$/),
    ]);
    expect(await fault(decryptionKeys({ privateKey, passphrase: 'secret guess' }))).toEqual([
      'params.passphrase',
      expect.stringMatching(/is wrong\. Correct passphrase\.$/),
    ]);
    const signing = { publicKey: ann.publicKey, armor: false, signingKey: privateKey };
    expect((await fault(encryptionKeys(signing)))[0]).toBe('params.signingPassphrase');
    expect((await fault(encryptionKeys({ ...signing, signingPassphrase: 'x' })))[0]).toBe('params.signingPassphrase');
    expect((await decryptionKeys({ privateKey: ann.privateKey, passphrase: 'not needed' })).privateKeys).toHaveLength(1);
  });

  test('a key that is cut off', async () => {
    const publicKey = Buffer.from(ann.publicKey).subarray(0, 300).toString();
    expect(await fault(encryptionKeys({ publicKey, armor: false }))).toEqual(['params.publicKey', 'There is no PGP key in publicKey.']);
    const lines = ann.publicKey.split('\n');
    const holed = [...lines.slice(0, 4), ...lines.slice(7)].join('\n');
    expect(await fault(encryptionKeys({ publicKey: holed, armor: false }))).toEqual([
      'params.publicKey',
      expect.stringContaining('incomplete or damaged'),
    ]);
  });

  test('a key that has expired: others cannot use it, its owner can still read', async () => {
    const fresh = await generateKey({ userIDs: { name: 'old' }, date: past, format: 'object' });
    const packed = await encrypt(text, { publicKey: fresh.publicKey.armor() });
    const expired = texts(
      await reformatKey({ privateKey: fresh.privateKey, userIDs: { name: 'old' }, keyExpirationTime: 60, date: past, format: 'object' }),
    );
    expect(await fault(encryptionKeys({ publicKey: expired.publicKey, armor: false }))).toEqual([
      'params.publicKey',
      expect.stringMatching(/^The key [0-9A-F]{16} of old cannot be used: it has expired\. Ask its owner/),
    ]);
    expect((await decrypt(packed, { privateKey: expired.privateKey })).equals(text)).toBe(true);
  });

  test('a key that was revoked', async () => {
    const { privateKey } = await generateKey({ userIDs: { name: 'gone' }, date: past, format: 'object' });
    const { publicKey } = await revokeKey({ key: privateKey, format: 'armored' });
    expect(await fault(encryptionKeys({ publicKey, armor: false }))).toEqual([
      'params.publicKey',
      expect.stringContaining('has revoked it. Ask for the new one'),
    ]);
  });
});

describe('files that are not what they should be', () => {
  const options = () => ({ privateKey: ann.privateKey });

  test('changed at any place, nothing of a file is handed on', async () => {
    const packed = await encrypt(text.subarray(0, 3000), { publicKey: ann.publicKey });
    const keys = await decryptionKeys(options());
    for (let at = 0; at < packed.length; at += 29) {
      const changed = Buffer.from(packed);
      changed[at] = (changed[at] as number) ^ 4;
      const got: Uint8Array[] = [];
      const reading = async () => {
        for await (const chunk of decryptPgp(chunksOf(changed, 500), keys, { fileName: 'a.pgp', maxExpansion: 200, spoolFolder }))
          got.push(chunk);
      };
      const error = await failureOf(reading());
      expect(error, `byte ${at}`).toBeInstanceOf(FatalError);
      expect(error.message, `byte ${at}`).toMatch(/^a\.pgp /);
      expect(got).toEqual([]);
    }
  });

  test('the integrity check says that a file was changed', async () => {
    const packed = await encrypt(text, { publicKey: ann.publicKey });
    packed[packed.length >> 1] = (packed[packed.length >> 1] as number) ^ 1;
    await expect(decrypt(packed, options())).rejects.toThrow(
      'a.pgp was changed after it was encrypted, or is damaged: its integrity check failed.',
    );
  });

  test.each(['eax', 'ocb', 'gcm'] as const)('AEAD protection (%s) is read and checked', async (mode) => {
    const config = { aeadProtect: true, preferredAEADAlgorithm: enums.aead[mode] };
    const key = await generateKey({ userIDs: { name: 'aead' }, format: 'object', config });
    const message = await createMessage({ binary: Uint8Array.from(text) });
    const packed = Buffer.from(await openpgpEncrypt({ message, encryptionKeys: key.publicKey, format: 'binary', config }));
    const privateKey = key.privateKey.armor();
    expect((await decrypt(packed, { privateKey })).equals(text)).toBe(true);
    packed[packed.length - 100] = (packed[packed.length - 100] as number) ^ 1;
    await expect(decrypt(packed, { privateKey })).rejects.toThrow('its integrity check failed');
  });

  test.each([true, false])('cut off anywhere, a file fails (armoured: %s)', async (armor) => {
    const packed = await encrypt(text.subarray(0, 3000), { publicKey: ann.publicKey, armor });
    for (let length = 0; length < packed.length - (armor ? 30 : 0); length += 37) {
      const error = await failureOf(decrypt(packed.subarray(0, length), options()));
      expect(error, `${length} bytes`).toBeInstanceOf(FatalError);
      expect(error.message).toMatch(/^a\.pgp /);
    }
  });

  test('what is no PGP file says so', async () => {
    await expect(decrypt(Buffer.alloc(0), options())).rejects.toThrow('a.pgp is empty');
    await expect(decrypt(Buffer.from('UID,email\n'), options())).rejects.toThrow('a.pgp is no PGP file.');
  });

  test('a fault of the bytes’ origin comes through as it is, and nothing stays open', async () => {
    let released = 0;
    const packed = await encrypt(randomBytes(2_000_000), { publicKey: ann.publicKey });
    async function* failing(endless: boolean) {
      try {
        for (let at = 0; endless || at < 1_000_000; at += 50_000) yield packed.subarray(at % 1_900_000, (at % 1_900_000) + 50_000);
        throw new Error('The server hung up.');
      } finally {
        released++;
      }
    }
    const limit = { fileName: 'a.pgp', maxExpansion: 200, spoolFolder };
    await expect(bytesOf(decryptPgp(failing(false), await decryptionKeys(options()), limit))).rejects.toThrow('The server hung up.');
    const keys = await encryptionKeys({ publicKey: ann.publicKey, armor: false });
    await expect(bytesOf(encryptPgp(failing(false), keys, { name: 'a', timeMs: 0 }))).rejects.toThrow('The server hung up.');
    for await (const _ of encryptPgp(failing(true), keys, { name: 'a', timeMs: 0 })) break;
    expect(released).toBe(3);
    expect(readdirSync(spoolFolder)).toEqual([]);
  });
});

const missing = commandMissing('gpg', 'gpgconf');

describe.skipIf(missing)(`against GnuPG (${missing ?? 'gpg found'})`, () => {
  let gpg: Gpg;
  let theirs: Pair;
  const passphrase = 'geheim';
  beforeAll(() => {
    gpg = startGpg();
    const id = gpg.makeKey('theirs@example.com', { algorithm: 'rsa3072', passphrase });
    gpg.run(['--quick-add-key', id, 'rsa3072', 'encr'], { passphrase });
    theirs = {
      publicKey: gpg.run(['--armor', '--export', id]).toString(),
      privateKey: gpg.run(['--armor', '--export-secret-keys', id], { passphrase }).toString(),
    };
    gpg.run(['--import'], { input: Buffer.from(ann.publicKey) });
    gpg.run(['--import'], { input: Buffer.from(bob.publicKey) });
  });
  afterAll(() => gpg.stop());

  test.each([true, false])('it reads what we encrypt and sign (armoured: %s)', async (armor) => {
    for (const content of contents) {
      const packed = await encrypt(content, { publicKey: theirs.publicKey + ann.publicKey, signingKey: bob.privateKey, armor });
      expect(gpg.run(['--decrypt'], { input: packed, passphrase }).equals(content)).toBe(true);
    }
    const packed = await encrypt(text, { publicKey: theirs.publicKey, signingKey: bob.privateKey, armor });
    expect(
      gpg.run(['--status-fd', '1', '--output', '/dev/null', '--yes', '--decrypt'], { input: packed, passphrase }).toString(),
    ).toContain('GOODSIG');
  });

  test.each([
    ['binary, zlib', []],
    ['armoured', ['--armor']],
    ['not compressed', ['--compress-algo', 'none']],
    ['zip', ['--compress-algo', 'zip']],
    ['bzip2', ['--compress-algo', 'bzip2']],
    ['AES-128', ['--cipher-algo', 'AES128']],
    ['for two, hidden', ['--recipient', 'theirs@example.com', '--throw-keyids']],
    ['as RFC 4880 has it', ['--rfc4880']],
  ])('we read what it encrypts: %s', async (_, options) => {
    for (const content of contents.slice(1)) {
      const packed = gpg.pack([...options, '--recipient', 'ann@example.com', '--encrypt'], content);
      const plain = await decrypt(packed, { privateKey: ann.privateKey });
      expect(plain.equals(content)).toBe(true);
    }
  });

  test('its RSA keys with a passphrase work here, and its signatures are verified', async () => {
    const packed = gpg.pack(['--recipient', 'theirs@example.com', '--sign', '--encrypt'], text, passphrase);
    const options = { privateKey: theirs.privateKey, passphrase };
    expect((await decrypt(packed, { ...options, verificationKeys: theirs.publicKey })).equals(text)).toBe(true);
    await expect(decrypt(packed, { ...options, verificationKeys: bob.publicKey })).rejects.toThrow('which is none of the verificationKeys');
    await expect(decrypt(packed, { ...options, passphrase: 'wrong' })).rejects.toThrow('passphrase');
  });

  test('what is only signed, or encrypted with a password, says so', async () => {
    const signed = gpg.pack(['--local-user', 'theirs@example.com', '--sign'], text, passphrase);
    await expect(decrypt(signed, { privateKey: ann.privateKey })).rejects.toThrow('is a PGP file but not encrypted');
    const symmetric = gpg.pack(['--symmetric'], text, 'a password');
    await expect(decrypt(symmetric, { privateKey: ann.privateKey })).rejects.toThrow('encrypted with a password');
  });

  test('an algorithm the key does not take says so', async () => {
    const packed = gpg.pack(['--cipher-algo', 'TWOFISH', '--recipient', 'ann@example.com', '--encrypt'], text);
    await expect(decrypt(packed, { privateKey: ann.privateKey })).rejects.toThrow('Have it encrypted with AES.');
  });

  test('text mode writes CRLF, and that is kept', async () => {
    const packed = gpg.pack(['--textmode', '--recipient', 'ann@example.com', '--encrypt'], Buffer.from('a,b\n1,2\n'));
    expect((await decrypt(packed, { privateKey: ann.privateKey })).toString()).toBe('a,b\r\n1,2\r\n');
  });

  test('what is not protected against changes is refused', async () => {
    const packed = gpg.pack(['--rfc2440', '--disable-mdc', '--recipient', 'ann@example.com', '--encrypt'], text);
    await expect(decrypt(packed, { privateKey: ann.privateKey })).rejects.toThrow(/is not protected against changes|not known here/);
  });

  test('a bomb is stopped', async () => {
    const packed = gpg.pack(
      ['--compress-algo', 'zlib', '-z', '9', '--recipient', 'ann@example.com', '--encrypt'],
      Buffer.alloc(300 * 1024 * 1024),
    );
    await expect(decrypt(packed, { privateKey: ann.privateKey })).rejects.toThrow('a.pgp expands to more than 200 times its size');
    expect(readdirSync(spoolFolder)).toEqual([]);
  });
});
