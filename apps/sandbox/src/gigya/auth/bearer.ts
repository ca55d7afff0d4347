import { type KeyObject, verify } from 'node:crypto';
import { isObject, type JsonObject } from '../../json.ts';
import { ApiError } from '../api-error.ts';

/** The claims of a bearer token that the server looks at. `issuedAt` in seconds since 1970. */
export interface BearerToken {
  userKey: string;
  issuedAt: number;
  id: string;
  signedText: string;
  signature: Buffer;
}

/** Takes an RS256 JWT apart without trusting it yet. */
export function parseBearer(authorization: string): BearerToken {
  const [header, payload, signature, ...rest] = authorization
    .replace(/^Bearer\s+/i, '')
    .trim()
    .split('.');
  if (!header || !payload || !signature || rest.length > 0) throw new ApiError(403003, 'The bearer token is not a signed JWT');
  const { alg, kid } = decode(header);
  const { iat, jti } = decode(payload);
  if (alg !== 'RS256') throw new ApiError(403003, 'The bearer token must be signed with RS256');
  if (typeof kid !== 'string') throw new ApiError(403005, 'The bearer token has no kid, which names the user key');
  if (typeof iat !== 'number' || typeof jti !== 'string')
    throw new ApiError(403003, 'The bearer token needs iat (a number) and jti (a text)');
  return { userKey: kid, issuedAt: iat, id: jti, signedText: `${header}.${payload}`, signature: Buffer.from(signature, 'base64url') };
}

export function isSignedWith(publicKey: KeyObject, token: BearerToken): boolean {
  return verify('RSA-SHA256', Buffer.from(token.signedText), publicKey, token.signature);
}

function decode(part: string): JsonObject {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    if (isObject(value)) return value;
  } catch {
    // Reported below, in the same words as a part that is no object.
  }
  throw new ApiError(403003, 'The bearer token is not a JSON web token');
}
