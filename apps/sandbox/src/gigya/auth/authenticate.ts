import { ApiError } from '../api-error.ts';
import type { ApiRequest } from '../read-request.ts';
import { isSignedWith, parseBearer } from './bearer.ts';
import { NonceMemory } from './nonce-memory.ts';
import { isSameSecret, isSignedBy } from './signature.ts';
import type { KnownUser } from './site-users.ts';

/** How far a call's timestamp may lie from the server's clock. */
const maxAgeMs = 120_000;

export interface SiteAccess {
  apiKey: string;
  users: ReadonlyMap<string, KnownUser>;
  clock: () => number;
}

/** Makes the check every call goes through. It returns the calling user or throws the ApiError the real service would give. */
export function authenticator({ apiKey, users, clock }: SiteAccess): (request: ApiRequest) => KnownUser {
  const nonces = new NonceMemory(2 * maxAgeMs);

  function knownUser(userKey: string | undefined): KnownUser {
    const user = userKey === undefined ? undefined : users.get(userKey);
    if (!user) throw new ApiError(403005, userKey === undefined ? 'The request carries no user key' : `Unknown user key: ${userKey}`);
    return user;
  }

  function checkFresh(sentAtMs: number, nonce: string, user: KnownUser): void {
    if (!(Math.abs(clock() - sentAtMs) <= maxAgeMs))
      throw new ApiError(403002, 'The timestamp is more than 120 seconds away from the server clock');
    if (!nonces.use(`${user.userKey} ${nonce}`, clock())) throw new ApiError(403004, 'The nonce was used before');
  }

  function bySignature(request: ApiRequest, sig: string): KnownUser {
    const { params } = request;
    const user = knownUser(params.text('userKey'));
    const timestamp = Number(params.required('timestamp'));
    const nonce = params.required('nonce');
    if (user.secret === undefined) throw new ApiError(403010, 'This user key has no secret');
    if (!isSignedBy(user.secret, sig, { ...request, params: params.entries }))
      throw new ApiError(403003, 'The signature does not fit the request');
    checkFresh(timestamp > 1e11 ? timestamp : timestamp * 1000, nonce, user);
    return user;
  }

  function bySecret(request: ApiRequest, secret: string): KnownUser {
    if (!request.url.startsWith('https:')) throw new ApiError(403006, 'Sign the request or use HTTPS');
    const user = knownUser(request.params.text('userKey'));
    if (user.secret === undefined || !isSameSecret(user.secret, secret))
      throw new ApiError(403010, 'The secret is not that of the user key');
    return user;
  }

  function byBearer(authorization: string): KnownUser {
    const token = parseBearer(authorization);
    const user = knownUser(token.userKey);
    if (!user.publicKey || !isSignedWith(user.publicKey, token))
      throw new ApiError(403003, 'The bearer token is not signed by the key of this user');
    checkFresh(token.issuedAt * 1000, token.id, user);
    return user;
  }

  return (request) => {
    const sig = request.params.text('sig');
    const sentKey = request.params.text('apiKey');
    if (sentKey === undefined) throw new ApiError(400002, 'Missing required parameter: apiKey');
    if (sentKey !== apiKey) throw new ApiError(400093, `Unknown apiKey: ${sentKey}`);
    const secret = request.params.text('secret');
    const authenticated = (): KnownUser => {
      if (secret !== undefined) return bySecret(request, secret);
      if (request.authorization?.match(/^Bearer\s/i)) return byBearer(request.authorization);
      return sig === undefined ? knownUser(undefined) : bySignature(request, sig);
    };
    const caller = authenticated();
    if (!caller.mayCall(request.apiMethod)) throw new ApiError(403007, `User key ${caller.userKey} may not call ${request.apiMethod}`);
    return caller;
  };
}
