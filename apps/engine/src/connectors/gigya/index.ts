/** The REST API of Gigya (SAP Customer Data Cloud). */
export { type GigyaConnection, type GigyaOptions, type GigyaParams, type GigyaSite, openGigya } from './client.ts';
