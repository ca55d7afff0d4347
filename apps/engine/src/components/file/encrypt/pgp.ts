import { z } from 'zod';
import { defineFileTransformer, secret } from '#dataflow';
import { examplePublicKey } from '#formats/pgp/example-key.ts';
import { pgpKey } from '#formats/pgp/key-params.ts';

export default defineFileTransformer({
  type: 'file.encrypt.pgp',
  title: 'Encrypt with PGP',
  summary: 'Encrypts each file for the owners of PGP keys and adds .pgp or .asc to its name.',
  notes: [
    'OpenPGP (RFC 9580 and 4880): read by GnuPG, PGP and every other OpenPGP program. Files of any size stream through.',
    '',
    '- `publicKey` is the armoured text of the key, base64 of that text, or base64 of the key’s binary file. Line breaks lost on the way, or written as `\\n`, do not matter.',
    '- **Several recipients**: put their armoured keys one after the other; each of them can decrypt the file.',
    '- `armor` makes text (`name.asc`) in place of bytes (`name.pgp`), a third larger.',
    '- **Signing** is an addition to the original: with `signingKey` the receiver can prove who sent the file and that it is complete.',
    '- The file is not compressed: put a compressing step before this one.',
    '- Keys are checked before the first file: expired, revoked and too weak ones fail the job at once.',
    '- What `publicKey` may look like and what `armor` means is not documented in the original; both are chosen here.',
  ].join('\n'),
  faults: [
    {
      when: 'A key is expired or revoked',
      effect: 'The job fails before a file is encrypted; the message names the key.',
      remedy: 'Ask its owner for a new one.',
    },
    {
      when: 'A key has no part for encryption, or is weaker than RSA with 2,048 bits',
      effect: 'The job fails before a file is encrypted.',
      remedy: 'Ask for a key with an encryption subkey: gpg --quick-generate-key NAME default default.',
    },
    {
      when: 'The passphrase of the signing key is missing or wrong',
      effect: 'The job fails before a file is encrypted.',
      remedy: 'Set or correct signingPassphrase.',
    },
  ],
  limits: [
    'About 100 MB/s; a 2 GB file needs under 300 MB of memory.',
    'Encryption by password, and detached signatures, are not handled.',
  ],
  params: z.object({
    publicKey: pgpKey('public').meta({
      title: 'Public key',
      multiline: true,
      help: 'The recipient’s public key, armoured or as base64. Several armoured keys may follow each other.',
      source: 'doc',
    }),
    armor: z.boolean().default(false).meta({
      title: 'Armoured',
      help: 'Makes text that survives mail and text transfers, in place of bytes.',
      source: 'choice',
    }),
    signingKey: pgpKey('private').optional().meta({
      secret: true,
      title: 'Signing key',
      multiline: true,
      help: 'Your private key, armoured or as base64, to sign the files with. Without it they are not signed.',
      advanced: true,
      source: 'choice',
    }),
    signingPassphrase: secret().optional().meta({
      secret: true,
      title: 'Passphrase of the signing key',
      help: 'Opens the signing key.',
      advanced: true,
      source: 'choice',
    }),
  }),
  examples: [
    { title: 'Bytes for one recipient', params: { publicKey: examplePublicKey } },
    { title: 'Armoured', params: { publicKey: examplePublicKey, armor: true } },
  ],
  async *transform(file, { params, job }) {
    // Loaded here: the PGP library costs every other flow time at its start.
    const { encryptionKeys, encryptPgp } = await import('#formats/pgp/encrypt.ts');
    const keys = await encryptionKeys(params);
    const timeMs = file.modifiedMs ?? job.startTime.getTime();
    yield { name: `${file.name}.${params.armor ? 'asc' : 'pgp'}`, read: () => encryptPgp(file.read(), keys, { name: file.name, timeMs }) };
  },
});
