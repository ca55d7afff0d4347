import { createHash } from 'node:crypto';

/** SHA-256 of a public host key as `ssh-keygen -l` prints it after `SHA256:`. */
export const fingerprintOf = (key: Buffer): string => createHash('sha256').update(key).digest('base64').replace(/=+$/, '');

/** How a fingerprint may be written: base64 with or without `SHA256:` and padding, or 64 hex digits with or without colons. */
export const fingerprintPattern = /^(?:SHA256:)?(?:[A-Za-z0-9+/]{43}=?|[0-9a-fA-F]{64}|[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){31})$/;

/** A fingerprint in the one form they are compared in. */
export function normalFingerprint(given: string): string {
  const text = given.trim().replace(/^SHA256:/, '');
  const hex = text.replaceAll(':', '');
  return /^[0-9a-fA-F]{64}$/.test(hex) ? Buffer.from(hex, 'hex').toString('base64').replace(/=+$/, '') : text.replace(/=+$/, '');
}
