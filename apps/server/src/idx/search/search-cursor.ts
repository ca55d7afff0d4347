import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { SecretBox } from '../../storage/secret-box.ts';
import { ApiError } from '../api-error.ts';

const LIFE_MS = 5 * 60_000;

const shape = z.object({
  apiKey: z.string(),
  query: z.string(),
  /** The row the page begins after: what it is sorted by, then its key; as texts. */
  after: z.object({ sort: z.string().nullable(), key: z.array(z.string()) }),
  expires: z.number(),
});

export type SearchPosition = Omit<z.infer<typeof shape>, 'expires'>;

/**
 * A place in a search as a text that only this server and those with its key can make. It holds all that is needed, so any server answers
 * it, and the same text gives the same place again until it expires, five minutes after it was given.
 */
export function writeSearchCursor(position: SearchPosition, secrets: SecretBox): string {
  const body = Buffer.from(JSON.stringify({ ...position, expires: Date.now() + LIFE_MS })).toString('base64url');
  return `${body}.${signed(body, secrets)}`;
}

/** Throws ApiError 400006 for a cursor that expired, was changed, or belongs to another site. */
export function readSearchCursor(cursorId: string, apiKey: string, secrets: SecretBox): SearchPosition {
  const [body = '', signature = ''] = cursorId.split('.');
  const [given, known] = [Buffer.from(signature), Buffer.from(signed(body, secrets))];
  const genuine = given.length === known.length && timingSafeEqual(given, known);
  const position = genuine ? shape.parse(JSON.parse(Buffer.from(body, 'base64url').toString())) : undefined;
  if (!position || position.apiKey !== apiKey) throw new ApiError(400006, 'Invalid argument: cursorId is none that this site was given.');
  if (position.expires < Date.now()) throw new ApiError(400006, 'Invalid argument: cursorId has expired; open the search anew.');
  return position;
}

const signed = (body: string, secrets: SecretBox): string =>
  createHmac('sha256', secrets.deriveKey('idsync idx cursors')).update(body).digest('base64url');
