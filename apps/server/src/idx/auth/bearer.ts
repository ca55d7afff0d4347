import { createPublicKey, verify } from 'node:crypto';
import { z } from 'zod';
import { ApiError } from '../api-error.ts';

/** The claims of a token that are looked at. `issuedAtSeconds` since 1970. */
export interface BearerToken {
  userKey: string;
  issuedAtSeconds: number;
  id: string;
  signedText: string;
  signature: Buffer;
}

const headShape = z.object({ alg: z.literal('RS256'), kid: z.string().min(1) });
const claimsShape = z.object({ iat: z.number(), jti: z.string().min(1).max(200) });

/** Takes an RS256 JWT apart without trusting it yet. Throws ApiError 403003. */
export function parseBearer(token: string): BearerToken {
  const [head, claims, signature, ...rest] = token.trim().split('.');
  if (!head || !claims || !signature || rest.length > 0) throw unusable();
  const { kid } = decode(head, headShape);
  const { iat, jti } = decode(claims, claimsShape);
  return { userKey: kid, issuedAtSeconds: iat, id: jti, signedText: `${head}.${claims}`, signature: Buffer.from(signature, 'base64url') };
}

/** `publicKey` is a PEM. */
export const isSignedWith = (publicKey: string, token: BearerToken): boolean =>
  verify('RSA-SHA256', Buffer.from(token.signedText), createPublicKey(publicKey), token.signature);

function decode<T>(part: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(Buffer.from(part, 'base64url').toString('utf8')));
  } catch {
    throw unusable();
  }
}

const unusable = () =>
  new ApiError(
    403003,
    'The bearer token is no JSON web token of the kind needed: RS256, kid is the user key, iat in seconds, jti unique for each call.',
  );
