/** The REST API of Gigya (SAP Customer Data Cloud). */
export { type GigyaConnection, type GigyaOptions, type GigyaParams, openGigya } from './client.ts';
export { type SignedRequest, signatureOf, signingKey } from './sign.ts';
export type { GigyaSite } from './site-requests.ts';
