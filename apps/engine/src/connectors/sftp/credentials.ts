import ssh2 from 'ssh2';
import { loginError } from './errors.ts';
import type { SftpSettings } from './settings.ts';

/** The text of a private key that is given plain or as base64 of it. */
const keyText = (given: string): string =>
  /-----BEGIN|PuTTY-User-Key-File/.test(given) ? given : Buffer.from(given.replace(/\s+/g, ''), 'base64').toString('utf8');

/** What the SSH library needs to log in. A key that cannot be read is told here, before anything is sent. */
export function credentialsOf(settings: SftpSettings): { username: string; password?: string; privateKey?: string; passphrase?: string } {
  const { username, password, privateKey, passphrase } = settings;
  const login = { username, ...(password === undefined ? {} : { password }) };
  if (privateKey === undefined) return login;
  const text = keyText(privateKey);
  const parsed = ssh2.utils.parseKey(text, passphrase);
  if (parsed instanceof Error) {
    const remedy = /passphrase/i.test(parsed.message)
      ? 'Check passphrase: it must open privateKey.'
      : 'Check privateKey: the text of the key file, or base64 of it, from its first line to its last.';
    throw loginError(settings, { cause: `the private key cannot be read (${parsed.message})`, remedy }, parsed);
  }
  return { ...login, privateKey: text, ...(passphrase === undefined ? {} : { passphrase }) };
}
