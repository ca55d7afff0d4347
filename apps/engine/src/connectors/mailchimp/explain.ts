import { isDataRecord } from '#dataflow';
import type { ApiAnswer } from '../http-api.ts';
import type { Explanation } from '../http-refusal.ts';

/** What a problem document says (mailchimp.com/developer/marketing/docs/errors): title, detail and faults by field. */
export function explainMailchimp({ status, json }: ApiAnswer): Explanation | undefined {
  if (!isDataRecord(json) || typeof json.title !== 'string') return undefined;
  const fields = Array.isArray(json.errors) ? json.errors.filter(isDataRecord) : [];
  const faults = fields.map(({ field, message }) => (field ? `${String(field)}: ${String(message)}` : String(message)));
  const text = [`${json.title}: ${String(json.detail ?? '').replace(/\.$/, '')}`, ...faults].join('; ');
  if (status === 401) return { text, next: 'fail', remedy: 'Check the API key, and that the API address names its data centre.' };
  if (status === 403)
    return { text, next: 'fail', remedy: 'Check that the account is active and its data centre is the one in the API address.' };
  if (status === 404) return { text, next: 'fail', remedy: 'Check the list id, and that the API address ends with /3.0/.' };
  return { text };
}
