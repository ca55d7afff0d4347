import { FatalError, type StepLog } from '#dataflow';
import { type HttpStream, openHttp } from '../http.ts';
import { type Api, type ApiCall, openApi } from '../http-api.ts';
import { refusalOf } from '../http-refusal.ts';
import type { NetworkContext } from '../network.ts';
import { bearerToken } from '../oauth-token.ts';
import { readPrivateKey, signAssertion } from './assertion.ts';
import { gcsExplanation, tokenExplanation, wantsPayer } from './refusals.ts';
import type { GcsSettings } from './settings.ts';

const scopes = {
  read: 'https://www.googleapis.com/auth/devstorage.read_only',
  write: 'https://www.googleapis.com/auth/devstorage.read_write',
};

/** How long tidying up may take. */
const TIDYING_MS = 20_000;

/** Calls of the JSON API to one bucket, with the token of the service account. */
export class GcsSession implements AsyncDisposable {
  readonly settings: GcsSettings;
  readonly log: StepLog;
  readonly signal: AbortSignal;
  readonly #context: NetworkContext;
  readonly #authorization: ReturnType<typeof bearerToken>;
  readonly #api: Api;
  readonly #http: ReturnType<typeof openHttp>;
  /** Sent with every call; the payer is added once a bucket asks for one. */
  readonly #headers: Record<string, string> = {};

  /** Throws a ConfigError when the private key is none. */
  constructor(settings: GcsSettings, context: NetworkContext, use: 'read' | 'write') {
    this.settings = settings;
    this.log = context.log;
    this.signal = context.signal;
    this.#context = context;
    const { clientEmail, tokenUri, timeoutMs } = settings;
    const key = readPrivateKey(settings.privateKey);
    this.#authorization = bearerToken(
      {
        url: new URL(tokenUri),
        timeoutMs,
        // Read for each token: an assertion is good for an hour only.
        get grant() {
          const assertion = signAssertion(key, { clientEmail, scope: scopes[use], tokenUri, nowMs: Date.now() });
          return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
        },
        explain: tokenExplanation,
      },
      context,
    );
    this.#api = this.#openApi(context);
    this.#http = openHttp({ connections: 4, timeoutMs }, context);
  }

  /** Address of the bucket's objects below the API's base, or of one object. */
  path(key?: string, { upload = false } = {}): string {
    const objects = `${upload ? 'upload/' : ''}storage/v1/b/${encodeURIComponent(this.settings.bucket)}/o`;
    return key === undefined ? objects : `${objects}/${encodeURIComponent(key)}`;
  }

  /** Makes one call. 308 is an answer: an upload that is not complete. Throws RetryableError or FatalError. */
  call(call: ApiCall): ReturnType<Api['call']> {
    return this.#api.call(call);
  }

  /** Makes one call although the job may have been stopped, for a while. */
  async tidy(call: ApiCall): Promise<void> {
    await using api = this.#openApi({ ...this.#context, signal: AbortSignal.timeout(TIDYING_MS) });
    await api.call(call);
  }

  /** Begins to download; the answer is a success, with its head. */
  async open(path: string, query: Record<string, string>, headers: Record<string, string>): Promise<HttpStream> {
    const url = new URL(path, `${this.settings.endpoint.replace(/\/$/, '')}/`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    for (let isRenewed = false; ; isRenewed = true) {
      const sent = { ...this.#headers, ...(await this.#authorization.headers()), ...headers };
      const answer = await this.#http.stream({ method: 'GET', url, headers: sent });
      if (answer.status === 200 || answer.status === 206) return answer;
      const text = await textOf(answer.body);
      if (answer.status === 401 && !isRenewed) this.#authorization.renew?.();
      else throw refusalOf({ ...answer, text }, url, this.#explain({ status: answer.status, json: jsonOf(text) }));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#api, this.#http, this.#authorization].map((one) => one[Symbol.asyncDispose]()));
  }

  #openApi(context: NetworkContext): Api {
    const { endpoint, timeoutMs } = this.settings;
    return openApi(
      {
        baseUrl: new URL(endpoint),
        connections: 4,
        timeoutMs,
        authorization: this.#authorization,
        headers: this.#headers,
        // 499 is how the API says that an upload was cancelled as asked.
        isSuccess: ({ status }) => (status >= 200 && status < 300) || status === 308 || status === 499,
        explain: (answer) => this.#explain(answer),
      },
      context,
    );
  }

  #explain(refusal: Parameters<typeof gcsExplanation>[0]): ReturnType<typeof gcsExplanation> {
    const explanation = gcsExplanation(refusal);
    if (!wantsPayer(refusal) || this.#headers['x-goog-user-project'] !== undefined) return explanation;
    this.#headers['x-goog-user-project'] = this.settings.projectId;
    return { text: `the requester pays, so ${this.settings.projectId} is charged`, next: 'repeat' };
  }
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

function jsonOf(text: string) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The address of an upload session; it must be where the API is, since the token goes there. */
export function sessionAddress(session: GcsSession, location: string | string[] | undefined): string {
  const base = new URL(session.settings.endpoint);
  const text = typeof location === 'string' ? location : '';
  if (URL.canParse(text, base.href) && new URL(text, base.href).origin === base.origin) return new URL(text, base.href).href;
  throw new FatalError(`${base.origin} began an upload without an address of its own for it. Check endpoint.`, { code: 'targetRefused' });
}
