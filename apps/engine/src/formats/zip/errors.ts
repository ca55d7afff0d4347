import {
  ERR_AMBIGUOUS_ARCHIVE,
  ERR_BAD_FORMAT,
  ERR_ENCRYPTED,
  ERR_ENCRYPTED_CENTRAL_DIRECTORY,
  ERR_EOCDR_NOT_FOUND,
  ERR_INVALID_AUTHENTICATION_CODE,
  ERR_INVALID_CRC32,
  ERR_INVALID_PASSWORD,
  ERR_OVERLAPPING_ENTRY,
  ERR_SPLIT_ZIP_FILE,
  ERR_UNSUPPORTED_COMPRESSION,
  ERR_UNSUPPORTED_ENCRYPTION,
} from '@zip.js/zip.js';
import { ConfigError, isStudioError } from '#dataflow';
import { malformedFile } from '../malformed-file.ts';

interface Place {
  fileName: string;
  entryName?: string;
}

const noDirectory = 'is no zip file, or it is cut off: the directory at its end is missing.';

/** What zip.js found wrong, in our words. Continues "a.zip " or, for an entry, "The entry b.csv of a.zip ". */
const faults: Record<string, string> = {
  [ERR_EOCDR_NOT_FOUND]: noDirectory,
  [ERR_BAD_FORMAT]: noDirectory,
  [ERR_SPLIT_ZIP_FILE]: 'is one part of an archive in several parts; have it made in one.',
  [ERR_ENCRYPTED_CENTRAL_DIRECTORY]: 'has an encrypted directory, which cannot be read; have it made without encrypting file names.',
  [ERR_AMBIGUOUS_ARCHIVE]: 'contradicts itself: what stands in its directory and beside the data differs. Have it made again.',
  [ERR_OVERLAPPING_ENTRY]: 'shares its bytes with another entry, as in files made to fill a disk.',
  [ERR_INVALID_CRC32]: 'is damaged: its checksum does not match. If the archive is encrypted, the password may be wrong.',
  [ERR_INVALID_AUTHENTICATION_CODE]: 'was changed after it was encrypted, or the password is wrong.',
  [ERR_UNSUPPORTED_COMPRESSION]: 'is compressed by a method that is not known here; Deflate, Deflate64 and stored are.',
  [ERR_UNSUPPORTED_ENCRYPTION]: 'is encrypted by a method that is not known here; AES (WinZip, 7-Zip) and ZipCrypto are.',
};

const passwordFaults: Record<string, string> = {
  [ERR_ENCRYPTED]: 'is encrypted and no password is set. Set password.',
  [ERR_INVALID_PASSWORD]: 'cannot be decrypted: the password is wrong. Correct password.',
};

/** An error of zip.js or of ours as one of ours that names the archive. */
export function asZipError(thrown: unknown, { fileName, entryName }: Place): unknown {
  if (isStudioError(thrown)) return thrown;
  if (!(thrown instanceof Error) || isSystemError(thrown)) return thrown;
  const subject = entryName === undefined ? fileName : `The entry ${JSON.stringify(entryName.slice(0, 200))} of ${fileName}`;
  const ofPassword = passwordFaults[thrown.message];
  if (ofPassword)
    return new ConfigError(`${subject} ${ofPassword}`, {
      code: 'authenticationFailed',
      field: 'params.password',
      cause: thrown,
      details: { file: fileName },
    });
  return malformedFile(`${subject} ${faults[thrown.message] ?? 'is damaged or cut off, and cannot be unpacked.'}`, fileName, thrown);
}

const isSystemError = (error: Error): boolean => 'syscall' in error;
