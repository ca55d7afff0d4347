import { z } from 'zod';
import { compileGet, type DataRecord, RecordError } from '#dataflow';

const yes = new Set(['true', '1', 'yes', 'y', 'on', 'subscribed', 'active']);
const no = new Set(['false', '0', 'no', 'n', 'off', 'unsubscribed', 'inactive']);

/** True, false, or undefined for a value that says nothing (null, empty, missing). Throws RecordError for any other. */
export function readFlag(value: unknown, field: string): boolean | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const text = String(value).trim().toLowerCase();
  if (typeof value !== 'object' && yes.has(text)) return true;
  if (typeof value !== 'object' && no.has(text)) return false;
  throw new RecordError(`The field ${field} holds neither true nor false. Map it to one of them before this step.`, {
    code: 'invalidRecord',
  });
}

/** What happens to a record that has no flag. */
export const withoutFlag = z.enum(['skip', 'unsubscribe', 'reject']).default('skip').meta({
  title: 'Records without a flag',
  help: '`skip`: nothing is sent, the record goes on by next; `unsubscribe`: as if the flag were false; `reject`: the record goes to the error path.',
  source: 'choice',
});

export type Wish = 'subscribe' | 'unsubscribe' | 'skip';

/** Reads from a record whether its person wants the newsletter. Throws RecordError when the flag cannot be read, or is missing and must not be. */
export function wishReader(field: string, missing: z.output<typeof withoutFlag>): (record: DataRecord) => Wish {
  const flagOf = compileGet(field);
  return (record) => {
    const flag = readFlag(flagOf(record), field);
    if (flag !== undefined) return flag ? 'subscribe' : 'unsubscribe';
    if (missing === 'reject')
      throw new RecordError(`The field ${field} is missing or empty, so nobody knows whether to subscribe.`, { code: 'invalidRecord' });
    return missing;
  };
}
