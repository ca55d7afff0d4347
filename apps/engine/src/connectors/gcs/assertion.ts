import { createPrivateKey, type KeyObject, sign } from 'node:crypto';
import { ConfigError } from '#dataflow';

/** The private key of a service account, out of its PEM text or base64 of it. Throws a ConfigError that says what was given instead. */
export function readPrivateKey(given: string): KeyObject {
  const fail = (what: string, cause?: unknown): never => {
    throw new ConfigError(`privateKey ${what}. Give private_key of the service-account file, the whole PEM block as base64.`, {
      code: 'invalidParameter',
      field: 'privateKey',
      cause,
    });
  };
  const text = given.includes('-----BEGIN') ? given : Buffer.from(given, 'base64').toString('utf8');
  if (text.trimStart().startsWith('{')) return fail('is the whole service-account file');
  // The file is JSON, from which the key is often copied with its line ends written as \n.
  const pem = text.replaceAll('\\n', '\n');
  if (!pem.includes('-----BEGIN')) return fail('holds no PEM block');
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch (thrown) {
    return fail(
      pem.includes('ENCRYPTED') ? 'is protected by a passphrase, which keys of service accounts are not' : 'cannot be read',
      thrown,
    );
  }
  return key.asymmetricKeyType === 'rsa' ? key : fail(`is a key of type ${key.asymmetricKeyType}, not RSA`);
}

/** What the assertion says: who asks for which right, where, and when. */
export interface Claims {
  clientEmail: string;
  scope: string;
  tokenUri: string;
  nowMs: number;
}

const LIFE_SECONDS = 3600;

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

/** A signed assertion of a service account ("Using OAuth 2.0 for Server to Server Applications"), good for an hour. */
export function signAssertion(key: KeyObject, { clientEmail, scope, tokenUri, nowMs }: Claims): string {
  const iat = Math.floor(nowMs / 1000);
  const claims = { iss: clientEmail, scope, aud: tokenUri, iat, exp: iat + LIFE_SECONDS };
  const signed = `${part({ alg: 'RS256', typ: 'JWT' })}.${part(claims)}`;
  return `${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
}
