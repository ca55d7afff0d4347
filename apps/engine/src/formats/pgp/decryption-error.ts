import { isStudioError } from '#dataflow';
import { malformedFile } from '../malformed-file.ts';

const changed =
  'was changed after it was encrypted, or is damaged: its integrity check failed. Nothing of it was handed on; have it sent again.';

/** What openpgp says, and what that means; continues "a.pgp ". The first that fits. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [
    /Modification detected|ghash tag|authentication tag|Authentication tag|OperationError|operation-specific reason|unable to authenticate/i,
    changed,
  ],
  [
    /not authenticated/i,
    'is not protected against changes, as old PGP programs write it, and is refused. Have it encrypted by a current program (gpg without --rfc2440).',
  ],
  [/No encrypted data found/i, 'is a PGP file but not encrypted. Have it encrypted, or leave this step out.'],
  [/non-preferred/i, 'is encrypted with an algorithm that the private key does not list among those it takes. Have it encrypted with AES.'],
  [
    /Unsupported symmetric|Unknown symmetric|unsupported cipher|Unsupported.*algorithm|Unsupported version/i,
    'is encrypted by a method that is not known here.',
  ],
  [
    /Session key decryption failed|Decryption error|Unexpected session key/i,
    'cannot be decrypted: what it says about its key is damaged. Have it sent again.',
  ],
  [/Ascii armor integrity|Misformed armored/i, 'is damaged: its armoured text is not whole. Have it sent again.'],
];

/** An error on the way as one of ours that names the file. */
export function asDecryptionError(thrown: unknown, fileName: string): unknown {
  if (isStudioError(thrown) || !(thrown instanceof Error) || 'syscall' in thrown) return thrown;
  const text = `${thrown.name}: ${thrown.message}`;
  const meaning =
    meanings.find(([pattern]) => pattern.test(text))?.[1] ?? 'is damaged or cut off, and cannot be decrypted. Have it sent again.';
  return malformedFile(`${fileName} ${meaning}`, fileName, thrown);
}
