import { type Connection, compileGet, type DataRecord, type Json, type JsonLines, type RecordError } from '#dataflow';
import { type HttpAnswer, type HttpRequest, openHttp } from './http.ts';
import type { Authorization } from './http-api.ts';
import { refusalOf } from './http-refusal.ts';
import { type BodyFormat, bodyWriter } from './json-body.ts';
import type { NetworkContext } from './network.ts';
import { Pace } from './pace.ts';
import { type RefusedLine, refusedLines } from './refused-lines.ts';
import { type RefusalList, refusalReader, textOf } from './refused-records.ts';
import type { RequestTemplate } from './request-template.ts';

export interface EndpointSettings {
  url: URL;
  /** The address of each request, where it holds values of the record; on the same origin as `url`. */
  urlOf: RequestTemplate | undefined;
  method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Names in lower case. */
  headers: Record<string, string>;
  authorization: (Authorization & Partial<AsyncDisposable>) | undefined;
  bodyFormat: BodyFormat;
  /** Writes the body in place of `bodyFormat`. */
  bodyOf: RequestTemplate | undefined;
  callsPerSecond: number | undefined;
  connections: number;
  timeoutMs: number;
  /** Empty: 200 to 299. */
  successStatus: readonly number[];
  /** Decides in place of the status. */
  successTest: ((answer: { status: number; headers: HttpAnswer['headers']; json: Json | undefined }) => boolean) | undefined;
  /** Where a successful answer lists the records it refused; undefined when it does not. */
  refusals: RefusalList | undefined;
  /** Read the answer although nobody looks for refused records in it. */
  wantsAnswer: boolean;
}

export interface DeliveredLines {
  /** Positions of the refused lines, ascending, each with its record. */
  refused: RefusedLine[];
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
  /** The same with lines as they are; undefined when these settings need records. */
  sendLines: ((lines: JsonLines) => Promise<DeliveredLines>) | undefined;
}

export function openEndpoint(settings: EndpointSettings, context: NetworkContext): JsonEndpoint {
  const { url, urlOf, method, bodyFormat, successStatus, successTest, refusals, connections, timeoutMs, authorization } = settings;
  const http = openHttp({ connections, timeoutMs }, context);
  const headers = {
    'content-type': bodyFormat === 'lines' ? 'application/x-ndjson' : 'application/json',
    accept: 'application/json',
    ...settings.headers,
  };
  const hasSuccessStatus = (status: number) => (successStatus.length > 0 ? successStatus.includes(status) : status >= 200 && status < 300);
  const isSuccess = (reply: HttpAnswer) =>
    successTest ? successTest({ ...reply, json: contentOf(reply) }) : hasSuccessStatus(reply.status);
  const readsAnswer = settings.wantsAnswer || refusals !== undefined || successTest !== undefined;
  const bodyOf = settings.bodyOf ?? bodyWriter(bodyFormat);
  const pace = settings.callsPerSecond === undefined ? undefined : new Pace(settings.callsPerSecond);
  const ask = async (request: Pick<HttpRequest, 'url' | 'body'>): Promise<HttpAnswer> => {
    const asked = { method, ...request, headers: authorization ? { ...headers, ...(await authorization.headers()) } : headers };
    return http.send(asked, (status) => readsAnswer || !hasSuccessStatus(status));
  };
  const readRefusals = refusals && refusalReader(refusals);
  const keyOf = refusals && compileGet(refusals.recordKey);
  const deliver = async (request: Pick<HttpRequest, 'url' | 'body'>) => {
    await pace?.turn(context.signal);
    let reply = await ask(request);
    if (reply.status === 401 && authorization?.renew) {
      authorization.renew();
      reply = await ask(request);
    }
    if (!isSuccess(reply)) throw refusalOf(reply, request.url);
    const answer = readsAnswer ? contentOf(reply) : undefined;
    return { answer, refused: answer === undefined ? undefined : readRefusals?.(answer) };
  };
  const takesLines = !urlOf && !settings.bodyOf && !settings.wantsAnswer && bodyFormat !== 'single';
  return {
    async send(records) {
      const { answer, refused } = await deliver({ url: urlOf ? new URL(urlOf(records)) : url, body: bodyOf(records) });
      const refusalFor = (record: DataRecord) => {
        const key = refused?.size ? keyOf?.(record) : undefined;
        return key === undefined ? undefined : refused?.get(textOf(key));
      };
      return { answer, refusalOf: refusalFor };
    },
    sendLines: takesLines
      ? async (lines) => {
          const { refused } = await deliver({ url, body: bodyFormat === 'array' ? lines.toJson() : lines.bytes });
          return { refused: refusals && refused?.size ? refusedLines(lines, refused, refusals.recordKey) : [] };
        }
      : undefined,
    async test() {
      const asked = { ...headers, ...(await authorization?.headers()) };
      const { status } = await http.send({ method: 'HEAD', url, headers: asked }, () => false);
      if (status === 401 || status === 403) throw refusalOf({ status, headers: {}, text: '' }, url);
      return `${url.origin} answers (HTTP ${status} to a HEAD request, which sends no record).`;
    },
    [Symbol.asyncDispose]: async () => {
      await http[Symbol.asyncDispose]();
      await authorization?.[Symbol.asyncDispose]?.();
    },
  };
}

function contentOf({ text = '' }: HttpAnswer): Json {
  try {
    return text === '' ? null : (JSON.parse(text) as Json);
  } catch {
    return text;
  }
}
