import { timingSafeEqual } from 'node:crypto';
import ssh2, { type AuthContext, type ParsedKey } from 'ssh2';

/** Who may sign in. `publicKey` is one line as in authorized_keys. */
export interface SftpUser {
  username: string;
  password?: string;
  publicKey?: string;
}

/** Makes the check of one login attempt. Throws when a public key cannot be read. */
export function loginCheck(users: readonly SftpUser[]): (attempt: AuthContext) => boolean {
  const known = new Map(users.map((user) => [user.username, { ...user, key: user.publicKey === undefined ? undefined : parseKey(user) }]));
  return (attempt) => {
    const user = known.get(attempt.username);
    if (!user) return false;
    if (attempt.method === 'password')
      return user.password !== undefined && isSame(Buffer.from(attempt.password), Buffer.from(user.password));
    if (attempt.method !== 'publickey' || !user.key) return false;
    if (attempt.key.algo !== user.key.type && !attempt.key.algo.startsWith('rsa-sha2-')) return false;
    if (!isSame(attempt.key.data, user.key.getPublicSSH())) return false;
    // Without a signature the client only asks whether the key would do.
    return !attempt.signature || !attempt.blob || user.key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
  };
}

function parseKey({ username, publicKey = '' }: SftpUser): ParsedKey {
  const key = ssh2.utils.parseKey(publicKey);
  if (key instanceof Error) throw new Error(`The public key of SFTP user ${username} cannot be read`, { cause: key });
  return key;
}

function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
