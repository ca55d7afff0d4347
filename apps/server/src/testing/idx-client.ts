import type { Role } from '../users/roles.ts';
import { keyOf, SITE, type TestServer } from './test-server.ts';

export interface IdxAnswer {
  errorCode: number;
  errorMessage?: string;
  errorDetails?: string;
  validationErrors?: { fieldName: string; message: string }[];
  id: string;
  version: number;
  jobId: string;
  resultCount: number;
  totalCount?: number;
  nextCursorId?: string;
  [field: string]: unknown;
}

/** Calls a method the way public clients do: form-encoded, with key and secret; objects as JSON texts. */
export async function callIdx(
  server: Pick<TestServer, 'url'>,
  method: string,
  { as = 'operator', ...params }: { as?: Role } & Record<string, unknown> = {},
): Promise<IdxAnswer> {
  const texts = Object.entries(params).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]);
  const body = new URLSearchParams({ apiKey: SITE.apiKey, ...keyOf(as), format: 'json', ...Object.fromEntries(texts) });
  const response = await fetch(`${server.url}/${method}`, { method: 'POST', body });
  if (response.status !== 200) throw new Error(`${method} answered ${response.status}.`);
  return (await response.json()) as IdxAnswer;
}
