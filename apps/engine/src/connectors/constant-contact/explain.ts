import { type DataRecord, isDataRecord, type Json } from '#dataflow';
import type { ApiAnswer } from '../http-api.ts';
import type { Explanation } from '../http-refusal.ts';

/** What a refusal of the V3 API says: `error_key` and `error_message`, of one fault or a list of them. */
export function explainConstantContact({ status, json }: ApiAnswer): Explanation | undefined {
  const faults = (Array.isArray(json) ? json : [json]).filter(isFault);
  if (faults.length === 0) return undefined;
  const text = faults
    .map(({ error_key: key, error_message: message }) => `${String(message).replace(/\.$/, '')} (${String(key)})`)
    .join('; ');
  if (faults.some(({ error_key: key }) => key === 'quota_exceeded'))
    return { text, next: 'fail', remedy: 'The calls of this day are used up; run the job again after midnight UTC.' };
  if (status === 401) return { text, next: 'fail', remedy: 'Give an access token of the V3 API that has not ended, or a refresh token.' };
  if (status === 403) return { text, next: 'fail', remedy: 'Grant the application the scope contact_data.' };
  return status === 404 ? { text, next: 'fail', remedy: 'Check the list id and the API address.' } : { text };
}

const isFault = (value: Json | undefined): value is DataRecord => isDataRecord(value) && value.error_message !== undefined;
