import type { Queryable } from '../../storage/database.ts';
import { storableText } from '../../storage/storable.ts';
import { ApiError } from '../api-error.ts';

const KEPT_MINUTES = 10;
const LONGEST_NONCE = 200;

/** Takes a nonce, once for all servers on the database. Throws ApiError 403004 when it was used before. Old ones are forgotten. */
export async function useNonce(db: Queryable, userKey: string, nonce: string): Promise<void> {
  if (nonce.length > LONGEST_NONCE) throw new ApiError(400006, `nonce is longer than ${LONGEST_NONCE} characters.`);
  const { rowCount } = await db.query(
    `WITH old AS (
       DELETE FROM used_nonce WHERE ("userKey", nonce) IN (
         SELECT "userKey", nonce FROM used_nonce WHERE "usedAt" < now() - interval '${KEPT_MINUTES} minutes' LIMIT 100 FOR UPDATE SKIP LOCKED))
     INSERT INTO used_nonce ("userKey", nonce) VALUES ($1, $2) ON CONFLICT DO NOTHING`,
    [userKey, storableText(nonce)],
  );
  if (rowCount === 0) throw new ApiError(403004, 'The nonce was used before; send another one with each call.');
}
