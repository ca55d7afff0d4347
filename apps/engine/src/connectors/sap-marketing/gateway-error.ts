import type { Json } from '#dataflow';
import type { ApiAnswer } from '../http-api.ts';
import type { Explanation } from '../http-refusal.ts';

/** What SAP Gateway says in an error: its code and text, as `code: text`; undefined when the body holds none. */
export function gatewayText(body: Json | undefined): string | undefined {
  const error = objectOf(objectOf(body)?.error);
  const message = objectOf(error?.message)?.value ?? error?.message;
  if (typeof message !== 'string') return undefined;
  const details = objectOf(error?.innererror)?.errordetails;
  const further = (Array.isArray(details) ? details : [])
    .map((detail) => objectOf(detail))
    .filter((detail) => detail?.severity === 'error' && detail.message !== message && typeof detail.message === 'string')
    .map((detail) => `${detail?.code}: ${detail?.message}`);
  const code = typeof error?.code === 'string' && error.code !== '' ? `${error.code}: ` : '';
  return [`${code}${message}`, ...further].join('; ');
}

/** A refusal of a whole call concerns every record: the user, the service or the form of the call. */
export function explainGateway({ status, text, json }: ApiAnswer): Explanation {
  const said = gatewayText(json) ?? xmlText(text) ?? text;
  if (status >= 500 || status === 429 || status === 408) return { text: said };
  const remedy =
    status === 401
      ? 'Check username and password of the communication user.'
      : status === 403
        ? 'Give the communication user an arrangement of the scenario SAP_COM_0207.'
        : 'Check the endpoint and that the communication arrangement SAP_COM_0207 is active.';
  return { text: said, next: 'fail', remedy };
}

/** Errors outside of batches may be XML. */
const xmlText = (text: string): string | undefined => /<message[^>]*>([^<]*)</.exec(text)?.[1];

const objectOf = (value: Json | undefined): { [name: string]: Json } | undefined =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
