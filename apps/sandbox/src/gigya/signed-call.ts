import type { JsonObject } from '../json.ts';
import { sign } from './auth/signature.ts';

/** Whom a call is signed for; `startGigya` gives it as `site`. */
export interface Signer {
  apiKey: string;
  userKey: string;
  secret: string;
  apiDomain: string;
}

let calls = 0;

/** Makes one signed POST and gives the answer's JSON. `params` may override any signed parameter, such as `timestamp`. */
export async function signedCall(signer: Signer, method: string, params: Record<string, string> = {}): Promise<JsonObject> {
  const response = await sendSigned(signer, method, params);
  return (await response.json()) as JsonObject;
}

export function sendSigned(signer: Signer, method: string, params: Record<string, string> = {}): Promise<Response> {
  const url = `${signer.apiDomain}/${method}`;
  const all: Record<string, string> = {
    apiKey: signer.apiKey,
    userKey: signer.userKey,
    timestamp: String(Math.floor(Date.now() / 1000)),
    nonce: `${Date.now()}_${++calls}`,
    ...params,
  };
  const sig = sign(signer.secret, { httpMethod: 'POST', url, params: Object.entries(all) });
  return fetch(url, { method: 'POST', body: new URLSearchParams({ ...all, sig }) });
}
