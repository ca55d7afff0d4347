import { type Connection, FatalError, type Json, RecordError, RetryableError } from '#dataflow';
import { httpUrl } from '../http.ts';
import { openApi } from '../http-api.ts';
import type { NetworkContext } from '../network.ts';
import { csrfSession } from './csrf-session.ts';
import { explainGateway, gatewayText } from './gateway-error.ts';
import { batchAnswers, batchBody, type Change, type PartAnswer } from './multipart-mixed.ts';

export interface SapMarketingSettings {
  /** The address of the service `API_MKT_CONTACT_SRV`, or only of the system. */
  endpoint: string;
  username: string;
  password: string;
  connections: number;
  timeoutMs: number;
}

export interface SapMarketing extends Connection {
  /**
   * Sends changesets in one call; each happens as a whole or not at all. Answers in their order: undefined for one that happened, else why
   * it was refused. Throws RetryableError when the system asks for patience for any of them, and as {@link openApi} says.
   */
  send(changesets: readonly (readonly Change[])[]): Promise<(RecordError | undefined)[]>;
}

const SERVICE = 'sap/opu/odata/SAP/API_MKT_CONTACT_SRV;v=0004/';
/** Answers to a change wait for it, so that a refusal is heard; without it they only say that it was taken in. */
const HEADERS = ['Accept: application/json', 'Sap-Cuan-ForceSynchronousProcessing: X', 'Sap-Cuan-SourceSystemId: Gigya'];

/**
 * Contacts of SAP Marketing Cloud by the OData 2.0 service API_MKT_CONTACT_SRV (communication scenario SAP_COM_0207). Nothing is sent before
 * the first call. After the service's metadata, SAP CX Works ("Best Practices for Importing Interaction Contact Data") and blogs.sap.com
 * ("How to use the new Contact OData API").
 */
export function openSapMarketing(settings: SapMarketingSettings, context: NetworkContext): SapMarketing {
  const { connections, timeoutMs } = settings;
  const service = serviceUrl(settings.endpoint);
  const session = csrfSession({ ...settings, service }, context);
  const api = openApi(
    {
      baseUrl: service,
      connections,
      timeoutMs,
      authorization: session,
      isUnauthorized: ({ status, headers, text }) =>
        status === 403 && (String(headers['x-csrf-token']).toLowerCase() === 'required' || /csrf token/i.test(text)),
      explain: explainGateway,
    },
    context,
  );
  return {
    async send(changesets) {
      const body = batchBody(changesets, HEADERS);
      const { headers, text } = await api.call({
        method: 'POST',
        path: `${service.href}$batch`,
        headers: { accept: 'multipart/mixed' },
        body,
      });
      const answers = batchAnswers(String(headers['content-type']), text);
      if (answers?.length !== changesets.length) throw unclear(service, answers?.length, changesets.length);
      const busy = answers.find(({ status }) => status === 429 || status === 503);
      if (busy) throw new RetryableError(`${service.host} is busy: ${textOf(busy)}`, { code: 'targetRefused' });
      return answers.map(refusalOf);
    },
    async test() {
      await session.headers();
      return `${settings.username} may use ${service.host}${service.pathname}.`;
    },
    async [Symbol.asyncDispose]() {
      await session[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

/** An address that names the service is taken as it is; to any other the service is added. */
function serviceUrl(endpoint: string): URL {
  const url = httpUrl(endpoint, 'The endpoint');
  const service = /^.*\/API_MKT_CONTACT_SRV[^/]*/i.exec(url.pathname)?.[0];
  return new URL(service === undefined ? `${url.pathname.replace(/\/+$/, '')}/${SERVICE}` : `${service}/`, url.origin);
}

const refusalOf = (answer: PartAnswer): RecordError | undefined =>
  answer.status < 300
    ? undefined
    : new RecordError(`SAP Marketing refused the contact: HTTP ${answer.status}, ${textOf(answer)}`, { code: 'targetRefused' });

function textOf({ text }: PartAnswer): string {
  try {
    return gatewayText(JSON.parse(text) as Json) ?? text.slice(0, 300);
  } catch {
    return text.slice(0, 300);
  }
}

const unclear = (service: URL, answers: number | undefined, sent: number): FatalError =>
  new FatalError(
    answers === undefined
      ? `${service.href}$batch answers with something that is no answer to a batch. Check the endpoint.`
      : `${service.href}$batch gave ${answers} answers to ${sent} contacts; which were written is not known. Run the job again.`,
    { code: 'targetRefused' },
  );
