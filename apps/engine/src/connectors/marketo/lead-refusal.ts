import { type DataRecord, RecordError } from '#dataflow';
import { fieldsOf } from './client.ts';

/** The error of one lead in the answer of a call, with the platform's code and text; undefined when it was created or updated. */
export function leadRefusal({ status, reasons }: DataRecord): RecordError | undefined {
  if (status === 'created' || status === 'updated') return undefined;
  const given = (Array.isArray(reasons) ? reasons : []).map((reason) => fieldsOf(reason));
  const texts = given.map(({ code, message }) => `${code}: ${message}`);
  const code = Number(given[0]?.code);
  return new RecordError(
    `Marketo ${status === 'skipped' ? 'skipped' : 'did not write'} the lead: ${texts.join('; ') || 'it gave no reason'}.`,
    {
      code: Number.isInteger(code) ? code : 'targetRefused',
    },
  );
}
