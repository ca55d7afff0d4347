import { z } from 'zod';
import { defineFileTransformer, secret } from '#dataflow';
import { expansionParam } from '#formats/expansion-param.ts';
import { exampleMessage, examplePrivateKey } from '#formats/pgp/example-key.ts';
import { pgpKey } from '#formats/pgp/key-params.ts';

export default defineFileTransformer({
  type: 'file.decrypt.pgp',
  title: 'Decrypt PGP',
  summary: 'Decrypts each PGP file and takes .pgp, .gpg or .asc off its name.',
  notes: [
    'Reads what GnuPG, PGP and other OpenPGP programs write: armoured or binary, compressed or not, with MDC or AEAD protection.',
    '',
    '- A file is decrypted into the job’s spool folder first. **Nothing of it is handed on before its integrity was found right**, so a file that was tampered with or cut off never becomes records or an upload.',
    '- `privateKey` is the armoured text of the key, base64 of that text, or base64 of the key’s binary file (`gpg --export-secret-keys NAME`). Several may follow each other; then any of them may be the one.',
    '- Files are decrypted with expired and revoked keys too: they were encrypted before.',
    '- With `verificationKeys` a file must carry a good signature by one of these keys. Without it signatures are not looked at.',
    '- The original’s parameters are not documented; `privateKey` and `passphrase` are the names chosen here, `verificationKeys` is an addition.',
  ].join('\n'),
  faults: [
    {
      when: 'The file is encrypted for other keys',
      effect: 'The job fails; the message lists the keys it is for.',
      remedy: 'Correct privateKey, or have the file encrypted for it.',
    },
    {
      when: 'The passphrase is missing or wrong',
      effect: 'The job fails before a file is decrypted.',
      remedy: 'Set or correct passphrase.',
    },
    {
      when: 'The file was changed, damaged or cut off',
      effect: 'The job fails; nothing of the file was handed on.',
      remedy: 'Have it sent again; ask the sender who could have changed it.',
    },
    {
      when: 'With verificationKeys: the file is not signed, or not by one of these keys, or the signature is not good',
      effect: 'The job fails; nothing of the file was handed on.',
      remedy: 'Have the sender sign it, or correct verificationKeys.',
    },
    {
      when: 'The file has no integrity protection (very old programs)',
      effect: 'The job fails.',
      remedy: 'Have it encrypted by a current program.',
    },
  ],
  limits: [
    'The spool folder holds the decrypted file until it has been handed on, readable by the service’s user only.',
    'The first 256 MB of output are free of maxExpansion.',
    'Files encrypted with a password in place of a key, and detached signatures, are not handled.',
  ],
  params: z.object({
    privateKey: pgpKey('private').meta({
      secret: true,
      title: 'Private key',
      multiline: true,
      help: 'The private key that the files are encrypted for, armoured or as base64.',
      source: 'inf',
    }),
    passphrase: secret().optional().meta({ secret: true, title: 'Passphrase', help: 'Opens the private key.', source: 'inf' }),
    verificationKeys: pgpKey('public').optional().meta({
      title: 'Verification keys',
      multiline: true,
      help: 'Public keys of those who may have signed. When set, a file without a good signature by one of them fails.',
      advanced: true,
      source: 'choice',
    }),
    maxExpansion: expansionParam,
  }),
  examples: [
    {
      title: 'With a key that has no passphrase',
      params: { privateKey: examplePrivateKey },
      inputFiles: { 'accounts.csv.asc': exampleMessage },
      outputFiles: { 'accounts.csv': 'UID,email\n1,ann@example.com\n' },
    },
  ],
  async *transform(file, { params, spoolFolder }) {
    // Loaded here: the PGP library costs every other flow time at its start.
    const { decryptionKeys, decryptPgp } = await import('#formats/pgp/decrypt.ts');
    const keys = await decryptionKeys(params);
    const limit = { fileName: file.name, maxExpansion: params.maxExpansion, spoolFolder };
    yield { name: file.name.replace(/(.)\.(?:pgp|gpg|asc)$/i, '$1'), read: () => decryptPgp(file.read(), keys, limit) };
  },
});
