import { createPrivateKey, type KeyObject, randomUUID, sign } from 'node:crypto';
import { FatalError } from '#dataflow';

/** A JSON web token (RS256) that stands for one call. */
export function bearerToken(userKey: string, key: KeyObject, nowMs: number): string {
  const header = part({ alg: 'RS256', typ: 'JWT', kid: userKey });
  const payload = part({ iat: Math.floor(nowMs / 1000), jti: randomUUID() });
  return `${header}.${payload}.${sign('RSA-SHA256', Buffer.from(`${header}.${payload}`), key).toString('base64url')}`;
}

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** An RSA key in PKCS#8 form, with or without its PEM lines. */
export function bearerKey(text: string): KeyObject {
  try {
    if (text.includes('-----BEGIN')) return createPrivateKey(text);
    return createPrivateKey({ key: Buffer.from(text.replace(/\s+/g, ''), 'base64'), format: 'der', type: 'pkcs8' });
  } catch (cause) {
    throw new FatalError('The private key of the user key cannot be read. Give an RSA key in PKCS#8 form, with or without its PEM lines.', {
      code: 'authenticationFailed',
      cause,
    });
  }
}
