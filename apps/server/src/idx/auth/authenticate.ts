import { createHash, timingSafeEqual } from 'node:crypto';
import { signatureOf, signingKey } from '@idsync/engine/connectors/gigya';
import type { UserKey } from '@idsync/prisma/types';
import type { Services } from '../../services.ts';
import { storableText } from '../../storage/storable.ts';
import { isRole, type SignedInUser } from '../../users/roles.ts';
import { ApiError } from '../api-error.ts';
import type { Parameters } from '../http/parameters.ts';
import { isSignedWith, parseBearer } from './bearer.ts';
import { useNonce } from './used-nonces.ts';

const MAX_AGE_MS = 120_000;
/** A larger timestamp is in milliseconds, as one public client sends it. */
const LARGEST_SECONDS = 1e11;

export interface Call {
  params: Parameters;
  httpMethod: string;
  /** The addresses the caller may have called, without a query: behind a proxy it is not known which. */
  urls: readonly URL[];
  authorization: string | undefined;
  /** Whether nobody between the caller and this server can read along. */
  isPrivate: boolean;
}

export interface Caller {
  site: { apiKey: string; siteId: number };
  /** The user key in the place of a person. */
  user: SignedInUser;
}

type Access = Pick<Services, 'prisma' | 'pool' | 'secrets'>;

/** Who calls, and for which site: by secret, by signature or by bearer token. Throws the ApiError that the original gives. */
export async function authenticate(services: Access, call: Call): Promise<Caller> {
  const apiKey = call.params.required('apiKey');
  const site = await services.prisma.site.findUnique({ where: { apiKey: storableText(apiKey) }, select: { apiKey: true, siteId: true } });
  if (!site) throw new ApiError(400093, `There is no site with the apiKey ${apiKey}.`);
  const key = await keyOfCall(services, call, site.apiKey);
  if (!isRole(key.role)) throw new ApiError(403007, `The user key ${key.userKey} has no role.`);
  return { site, user: { id: key.userKey, name: key.name, email: '', role: key.role } };
}

function keyOfCall(services: Access, call: Call, apiKey: string): Promise<UserKey> {
  const token = /^Bearer\s+(.+)$/is.exec(call.authorization ?? '')?.[1];
  if (call.params.text('secret') !== undefined) return bySecret(services, call, apiKey);
  if (call.params.text('sig') !== undefined) return bySignature(services, call, apiKey);
  if (token !== undefined) return byBearer(services, token, apiKey);
  throw new ApiError(403005, 'The call carries no credentials: send userKey and secret, or sign it, or send a bearer token.');
}

async function bySecret(services: Access, { params, isPrivate }: Call, apiKey: string): Promise<UserKey> {
  if (!isPrivate) throw new ApiError(403006, 'Send the secret over HTTPS only, or sign the call.');
  const key = await findKey(services, params.text('userKey'), apiKey);
  if (!isSame(secretOf(services, key), params.required('secret'))) throw new ApiError(403010, 'The secret is not that of the user key.');
  return key;
}

async function bySignature(services: Access, { params, httpMethod, urls }: Call, apiKey: string): Promise<UserKey> {
  const key = await findKey(services, params.text('userKey'), apiKey);
  const timestamp = Number(params.required('timestamp'));
  const nonce = params.required('nonce');
  const sig = params.required('sig');
  const signing = signingKey(secretOf(services, key));
  const signed = Object.fromEntries(Object.entries(params.sent).filter(([name]) => name.toLowerCase() !== 'sig'));
  const fits = urls.some((url) => isSame(signatureOf({ method: httpMethod, url, params: signed }, signing), sig));
  if (!fits) throw new ApiError(403003, `The signature does not fit the call to ${urls.map((url) => url.href).join(' or ')}.`);
  checkAge(timestamp > LARGEST_SECONDS ? timestamp : timestamp * 1000);
  await useNonce(services.pool, key.userKey, nonce);
  return key;
}

async function byBearer(services: Access, text: string, apiKey: string): Promise<UserKey> {
  const token = parseBearer(text);
  const key = await findKey(services, token.userKey, apiKey);
  if (!key.publicKey || !isSignedWith(key.publicKey, token))
    throw new ApiError(403003, 'The bearer token is not signed by the key of this user.');
  checkAge(token.issuedAtSeconds * 1000);
  await useNonce(services.pool, key.userKey, token.id);
  return key;
}

async function findKey({ prisma }: Access, userKey: string | undefined, apiKey: string): Promise<UserKey> {
  if (userKey === undefined) throw new ApiError(403005, 'The call carries no userKey.');
  const key = await prisma.userKey.findUnique({ where: { userKey: storableText(userKey) } });
  if (key?.apiKey !== apiKey) throw new ApiError(403005, `The user key ${userKey} is not one of this site.`);
  return key;
}

function secretOf({ secrets }: Access, { secret, userKey }: UserKey): string {
  if (secret === null) throw new ApiError(403010, 'This user key has no secret; send a bearer token.');
  return secrets.open(secret, userKey);
}

function checkAge(sentAtMs: number): void {
  if (!(Math.abs(Date.now() - sentAtMs) <= MAX_AGE_MS))
    throw new ApiError(403002, `The timestamp is more than ${MAX_AGE_MS / 1000} seconds away from the server’s clock.`);
}

/** In a time that tells nothing of where they differ. */
function isSame(known: string, given: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(known), digest(given));
}
