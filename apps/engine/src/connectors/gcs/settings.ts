import type { RetryPolicy } from '#dataflow';

/** How to reach one bucket of Google Cloud Storage as a service account. */
export interface GcsSettings {
  bucket: string;
  projectId: string;
  clientEmail: string;
  /** PEM text, or base64 of it. */
  privateKey: string;
  /** Base address of the API. */
  endpoint: string;
  /** Where tokens are issued. */
  tokenUri: string;
  /** For connecting and for silence. */
  timeoutMs: number;
  /** For the calls of uploads; that of all writers when not given. */
  retries?: RetryPolicy;
}
