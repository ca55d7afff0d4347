import { type Connection, type Json, retriedRead } from '#dataflow';
import { openHttp } from '../http.ts';
import type { NetworkContext } from '../network.ts';
import { Throttle } from '../throttle.ts';
import { errorOf, type GigyaAnswer, isSuccess, UNAUTHORIZED_USER } from './outcome.ts';
import { type GigyaSite, type Reply, SiteRequests } from './site-requests.ts';

const TIMEOUT_MS = 90_000;
const PATIENCE_MS = 120_000;
const INVALID_DATA_CENTRE = 301001;
const REQUEST_EXPIRED = 403002;
const RATE_EXCEEDED = 403048;

/** Parameters of a method by name; objects and lists are sent as JSON, undefined ones are left out. */
export type GigyaParams = Readonly<Record<string, Json | undefined>>;

export interface GigyaConnection extends Connection {
  /**
   * Makes one call and returns its answer, partial success included. Every call is signed, so it is safe over plain HTTP
   * too. Throws RetryableError when the platform or the network asks for patience, FatalError when the key is refused,
   * RecordError with the platform's code for everything else.
   */
  call(method: string, params: GigyaParams, options?: CallOptions): Promise<GigyaAnswer>;
  /** The same, repeated with growing pauses while it fails for a passing reason. Only for methods that change nothing. */
  read(method: string, params: GigyaParams): Promise<GigyaAnswer>;
}

export interface CallOptions {
  /** The call is about one record: a fault that stays may be that record's. Without it, when it names an account. */
  ofRecord?: boolean;
}

/** A call that proves that the key works and changes nothing. */
export interface Probe {
  method: string;
  params: GigyaParams;
}

export interface GigyaOptions {
  /** Calls in flight. */
  connections: number;
  /** How long one call waits for its turn while the platform says that there are too many; two minutes when not given. */
  patienceMs?: number;
  /** What `test()` calls; one account is searched when not given. */
  probe?: Probe;
}

const oneAccount: Probe = { method: 'accounts.search', params: { query: 'SELECT UID FROM accounts LIMIT 1' } };

/** Opens the REST API of a site. Nothing is sent before the first call. */
export function openGigya(site: GigyaSite, context: NetworkContext, options: GigyaOptions = { connections: 10 }): GigyaConnection {
  const http = openHttp({ connections: options.connections, timeoutMs: TIMEOUT_MS }, context);
  const requests = new SiteRequests(site, http);
  const send = inTurn(requests, context.signal, options.patienceMs ?? PATIENCE_MS);

  const caller = { apiKey: site.apiKey, userKey: site.userKey };

  // "Unauthorized user" may mean the account of a call or the key that makes it: a call that names nobody tells which.
  const keyIsKnown = proveOnce(async () => {
    const { answer } = await send(oneAccount.method, textsOf(oneAccount.params));
    if (answer.errorCode === UNAUTHORIZED_USER) throw errorOf(answer, { ...caller, method: oneAccount.method, namesAccount: false });
  });

  const call = async (name: string, params: GigyaParams, callOptions: CallOptions = {}): Promise<GigyaAnswer> => {
    const method = name.includes('.') ? name : `socialize.${name}`;
    const texts = textsOf(params);
    let reply = await send(method, texts);
    if (reply.answer.errorCode === REQUEST_EXPIRED) {
      requests.setClock(reply);
      reply = await send(method, texts);
    }
    if (reply.answer.errorCode === INVALID_DATA_CENTRE && requests.follow(reply)) {
      context.log.info(`The site ${site.apiKey} lives at ${requests.origin}; calls go there. Set its data centre so to save a detour.`);
      reply = await send(method, texts);
    }
    if (isSuccess(reply.answer)) return reply.answer;
    const refusal = errorOf(reply.answer, { ...caller, method, namesAccount: namesAccount(texts), ...callOptions });
    if (refusal.code === UNAUTHORIZED_USER) await keyIsKnown();
    throw refusal;
  };

  return {
    call,
    read: (method, params) => retriedRead(() => call(method, params), context),
    async test() {
      const { method, params } = options.probe ?? oneAccount;
      const { totalCount } = await call(method, params);
      const size = !options.probe && typeof totalCount === 'number' ? ` and holds ${totalCount} accounts` : '';
      return `Site ${site.apiKey} answers at ${requests.origin}${size}.`;
    },
    [Symbol.asyncDispose]: () => http[Symbol.asyncDispose](),
  };
}

/** Proves something once it is needed, and again only when that failed. */
function proveOnce(prove: () => Promise<void>): () => Promise<void> {
  let proof: Promise<void> | undefined;
  return async () => {
    proof ??= prove();
    await proof.catch((thrown) => {
      proof = undefined;
      throw thrown;
    });
  };
}

/** Sends requests, and repeats those refused for their rate: they have done nothing, so that is safe whatever they do. */
function inTurn(requests: SiteRequests, signal: AbortSignal, patienceMs: number) {
  const throttle = new Throttle();
  return async (method: string, params: Record<string, string>): Promise<Reply> => {
    for (const giveUp = performance.now() + patienceMs; ; ) {
      await throttle.pass(signal);
      const reply = await requests.send(method, params);
      if (reply.answer.errorCode !== RATE_EXCEEDED) {
        throttle.accepted();
        return reply;
      }
      throttle.refused();
      if (performance.now() >= giveUp) return reply;
    }
  };
}

function textsOf(params: GigyaParams): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(params)) {
    // Half a surrogate pair cannot be encoded; the platform gets the sign that stands for it.
    if (value !== undefined) texts[name] = typeof value === 'string' ? value.toWellFormed() : JSON.stringify(value);
  }
  return texts;
}

const namesAccount = (params: Record<string, string>): boolean => Object.keys(params).some((name) => /^(uid|regtoken)$/i.test(name));
