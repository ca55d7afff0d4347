import { FatalError } from '#dataflow';
import type { RemoteFile } from './select-files.ts';

/** An object of a bucket as a listing shows it. */
export interface ListedObject {
  key: string;
  size: number;
  modifiedMs: number;
}

/** The prefix as the store knows it: a slash at its head, which many write out of habit, is no part of keys. */
export const keyPrefix = (prefix: string): string => prefix.replace(/^\/+/, '');

/** The objects that are files, each called by the last part of its key. Keys that end in a slash only mark a folder. */
export const objectFiles = (objects: readonly ListedObject[]): RemoteFile[] =>
  objects
    .filter(({ key }) => !key.endsWith('/'))
    .map(({ key, size, modifiedMs }) => ({ name: key.slice(key.lastIndexOf('/') + 1), path: key, size, modifiedMs }));

/** The key of a file in a folder. The folder may lack its last slash; the file's name may hold folders of its own. */
export function objectKey(folder: string, name: string): string {
  const prefix = keyPrefix(folder);
  const key = `${prefix}${prefix === '' || prefix.endsWith('/') ? '' : '/'}${name}`;
  const fault = keyFault(key, name);
  if (fault === undefined) return key;
  const shown = JSON.stringify(key.length > SHOWN ? `${key.slice(0, SHOWN)}…` : key);
  throw new FatalError(`${shown} cannot be the key of an object: ${fault}. Change the file name or objectKeyPrefix.`, {
    code: 'invalidParameter',
    details: { key },
  });
}

/** Letters of a key that are shown in an error. */
const SHOWN = 100;

/** The limit of both Amazon S3 and Google Cloud Storage. */
const LONGEST_KEY_BYTES = 1024;

function keyFault(key: string, name: string): string | undefined {
  if (name === '' || name.endsWith('/')) return 'the file has no name';
  if (key.split('/').some((part) => part === '.' || part === '..')) return 'it has a part . or ..';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these very characters break listings.
  if (/[\0-\x1f\x7f]/.test(key)) return 'it has control characters';
  const bytes = Buffer.byteLength(key);
  return bytes > LONGEST_KEY_BYTES ? `it is ${bytes} bytes long, at most ${LONGEST_KEY_BYTES} are allowed` : undefined;
}
