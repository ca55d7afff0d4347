import { type Connection, compileGet, type DataRecord, type Json, type RecordError } from '#dataflow';
import { type HttpAnswer, openHttp } from './http.ts';
import { refusalOf } from './http-refusal.ts';
import { type BodyFormat, bodyWriter } from './json-body.ts';
import type { NetworkContext } from './network.ts';
import { type RefusalList, refusalReader, textOf } from './refused-records.ts';

export interface EndpointSettings {
  url: URL;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Names in lower case, credentials included. */
  headers: Record<string, string>;
  bodyFormat: BodyFormat;
  connections: number;
  timeoutMs: number;
  /** Empty: 200 to 299. */
  successStatus: readonly number[];
  /** Where a successful answer lists the records it refused; undefined when it does not. */
  refusals: RefusalList | undefined;
  /** Read the answer although nobody looks for refused records in it. */
  wantsAnswer: boolean;
}

export interface Delivered {
  /** JSON, or text when it was none; undefined when nobody wanted it. */
  answer: Json | undefined;
  /** Why the answer refuses a record; undefined when it does not. */
  refusalOf(record: DataRecord): RecordError | undefined;
}

/** An HTTP endpoint that takes records as JSON. */
export interface JsonEndpoint extends Connection {
  /** Sends records in one request. Throws RetryableError, FatalError, or RecordError when all of them were refused. */
  send(records: readonly DataRecord[]): Promise<Delivered>;
}

export function openEndpoint(settings: EndpointSettings, context: NetworkContext): JsonEndpoint {
  const { url, method, bodyFormat, successStatus, refusals, connections, timeoutMs } = settings;
  const http = openHttp({ connections, timeoutMs }, context);
  const headers = {
    'content-type': bodyFormat === 'lines' ? 'application/x-ndjson' : 'application/json',
    accept: 'application/json',
    ...settings.headers,
  };
  const isSuccess = (status: number) => (successStatus.length > 0 ? successStatus.includes(status) : status >= 200 && status < 300);
  const readsAnswer = settings.wantsAnswer || refusals !== undefined;
  const bodyOf = bodyWriter(bodyFormat);
  const readRefusals = refusals && refusalReader(refusals);
  const keyOf = refusals && compileGet(refusals.recordKey);
  return {
    async send(records) {
      const request = { method, url, headers, body: bodyOf(records) };
      const reply = await http.send(request, (status) => readsAnswer || !isSuccess(status));
      if (!isSuccess(reply.status)) throw refusalOf(reply, url);
      const answer = readsAnswer ? contentOf(reply) : undefined;
      const refused = answer === undefined ? undefined : readRefusals?.(answer);
      const refusalFor = (record: DataRecord) => {
        const key = refused?.size ? keyOf?.(record) : undefined;
        return key === undefined ? undefined : refused?.get(textOf(key));
      };
      return { answer, refusalOf: refusalFor };
    },
    async test() {
      const { status } = await http.send({ method: 'HEAD', url, headers }, () => false);
      if (status === 401 || status === 403) throw refusalOf({ status, headers: {}, text: '' }, url);
      return `${url.origin} answers (HTTP ${status} to a HEAD request, which sends no record).`;
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

function contentOf({ text = '' }: HttpAnswer): Json {
  try {
    return text === '' ? null : (JSON.parse(text) as Json);
  } catch {
    return text;
  }
}
