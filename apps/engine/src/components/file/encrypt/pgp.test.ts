import { expect, test } from 'vitest';
import { examplePrivateKey, examplePublicKey } from '#formats/pgp/example-key.ts';
import { runComponent } from '#testing';
import decrypt from '../decrypt/pgp.ts';
import component from './pgp.ts';

test.each([
  [false, 'a.csv.pgp'],
  ['true', 'a.csv.asc'],
])('armor %s makes %s, which comes back under its old name', async (armor, name) => {
  const packed = await runComponent(component, { params: { publicKey: examplePublicKey, armor }, files: { 'a.csv': 'UID\n1\n' } });
  expect(packed.files.map((file) => file.name)).toEqual([name]);
  const files = { [name]: packed.files[0]?.bytes ?? '' };
  expect((await runComponent(decrypt, { params: { privateKey: examplePrivateKey }, files })).files).toMatchObject([
    { name: 'a.csv', text: 'UID\n1\n' },
  ]);
});

test.each([
  [{}, 'params.publicKey: Public key is not set.'],
  [{ publicKey: 'my key' }, 'This is no PGP key. Give the armoured public key'],
  [{ publicKey: examplePrivateKey }, 'This is a private key, which nobody else should have.'],
  [{ publicKey: '-----BEGIN PGP MESSAGE-----\n\nxjME\n-----END PGP MESSAGE-----' }, 'This is PGP, but no key'],
  [{ publicKey: examplePublicKey, armor: 'maybe' }, 'Armoured must be true or false.'],
  [{ publicKey: examplePublicKey, signingKey: examplePublicKey }, 'This is a public key, which cannot decrypt or sign.'],
])('the parameters %j are refused before the job starts', async (params, message) => {
  await expect(runComponent(component, { params, files: {} })).rejects.toThrow(message);
});

test('keys are tried before the first byte is read', async () => {
  const run = runComponent(component, { params: { publicKey: examplePublicKey.slice(0, 400) }, files: { a: 'x' } });
  await expect(run).rejects.toThrow('The key in publicKey cannot be read: it is incomplete or damaged.');
});
