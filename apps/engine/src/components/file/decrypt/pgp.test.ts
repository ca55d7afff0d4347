import { expect, test } from 'vitest';
import { exampleMessage, examplePrivateKey, examplePublicKey } from '#formats/pgp/example-key.ts';
import { runComponent } from '#testing';
import component from './pgp.ts';

test.each([
  ['a.csv.PGP', 'a.csv'],
  ['a.gpg', 'a'],
  ['a.asc', 'a'],
  ['plain', 'plain'],
  ['.pgp', '.pgp'],
])('%s becomes %s', async (name, plain) => {
  const { files } = await runComponent(component, { params: { privateKey: examplePrivateKey }, files: { [name]: exampleMessage } });
  expect(files).toMatchObject([{ name: plain, text: 'UID,email\n1,ann@example.com\n' }]);
});

test.each([
  [{}, 'params.privateKey: Private key is not set.'],
  [{ privateKey: examplePublicKey }, 'This is a public key, which cannot decrypt or sign. Give the private key'],
  [{ privateKey: 'c:\\keys\\mine.asc' }, 'This is no PGP key.'],
  [{ privateKey: examplePrivateKey, verificationKeys: examplePrivateKey }, 'This is a private key'],
])('the parameters of case %# are refused before the job starts, and not repeated', async (params, message) => {
  const error = await runComponent(component, { params, files: {} }).catch((thrown: Error) => thrown);
  expect(String(error)).toContain(message);
  expect(String(error)).not.toContain(examplePrivateKey);
});

test('with verification keys an unsigned file fails', async () => {
  const params = { privateKey: examplePrivateKey, verificationKeys: examplePublicKey };
  await expect(runComponent(component, { params, files: { 'a.asc': exampleMessage } })).rejects.toThrow(
    'a.asc is not signed. Expected is one by',
  );
});
