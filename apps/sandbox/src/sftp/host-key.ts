import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import ssh2 from 'ssh2';
import { makeKeyPair } from './key-pair.ts';

/** The private key kept in `path`, made on first use and readable by its owner only. */
export function keptHostKey(path: string): string {
  if (existsSync(path)) return readFileSync(path, 'utf8');
  const { private: key } = makeKeyPair();
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, key, { mode: 0o600 });
  return key;
}

/** What clients compare: base64 of the SHA-256 of the public key, without padding, as `ssh-keygen -l` prints after `SHA256:`. */
export function fingerprint(hostKey: string): string {
  const parsed = ssh2.utils.parseKey(hostKey);
  if (parsed instanceof Error) throw new Error('The host key is not a readable private key', { cause: parsed });
  return createHash('sha256').update(parsed.getPublicSSH()).digest('base64').replace(/=+$/, '');
}
