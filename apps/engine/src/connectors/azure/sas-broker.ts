import { AnonymousCredential, ContainerClient } from '@azure/storage-blob';
import { FatalError, tellRetry, withRetries } from '#dataflow';
import { httpUrl } from '../http.ts';
import { type ApiAnswer, openApi } from '../http-api.ts';
import type { NetworkContext } from '../network.ts';
import { bearerToken } from '../oauth-token.ts';
import { guardedPipeline } from './guarded-pipeline.ts';
import type { AzureLine, AzurePlace } from './place.ts';
import { addressAbove, noAddress, readSignedAddress, type SignedAddress } from './sas-place.ts';

/** How a signature is got from a broker. */
export interface SasSettings {
  authenticationUrl: string;
  blobUri: string;
  loginUrl: string;
  clientId: string;
  clientSecret: string;
  scope?: string | undefined;
}

/** How long before its end a signature is renewed. */
const MARGIN_MS = 300_000;
const TIMEOUT_MS = 60_000;

/** Logs in, asks the broker for a signature and leads to the container it is for. */
export async function openBroker(settings: SasSettings, context: NetworkContext): Promise<AzureLine> {
  const guarded = guardedPipeline(context);
  const broker = brokerOf(settings, context);
  const pipeline = guarded.pipelineFor(new AnonymousCredential());
  const placeOf = (address: SignedAddress): AzurePlace => {
    guarded.check(address.url.hostname);
    const container = new ContainerClient(addressAbove(address), pipeline);
    return { container, rights: address.rights, ...(address.blob === undefined ? {} : { only: address.blob }) };
  };
  const ask = async () => {
    const address = await broker.ask();
    return { address, place: placeOf(address), askedMs: Date.now() };
  };
  const dispose = async () => {
    guarded[Symbol.dispose]();
    await broker[Symbol.asyncDispose]();
  };
  const first = await ask().catch(async (thrown) => {
    await dispose();
    throw thrown;
  });
  let known = first;
  let asking: ReturnType<typeof ask> | undefined;
  const renewed = () => {
    asking ??= ask()
      .then((granted) => {
        known = granted;
        return granted;
      })
      .finally(() => {
        asking = undefined;
      });
    return asking;
  };
  /** A signature that lives shorter than the margin is used for half its life. */
  const isOld = ({ address: { endsMs }, askedMs }: typeof first) =>
    endsMs !== undefined && Date.now() > Math.max(endsMs - MARGIN_MS, (askedMs + endsMs) / 2);
  const path = first.address.url.pathname.split('/').filter((part) => part !== '');
  return {
    context,
    where: { host: first.address.url.host, container: path.slice(0, first.address.blob === undefined ? undefined : -1).join('/') },
    login: 'signature',
    async place() {
      if (asking || isOld(known)) await renewed();
      return known.place;
    },
    renew() {
      if (Date.now() - known.askedMs < 1000) return false;
      // Met by whoever asks for the place next.
      renewed().catch(() => {});
      return true;
    },
    refused: guarded.refused,
    [Symbol.asyncDispose]: dispose,
  };
}

function brokerOf({ authenticationUrl, blobUri, loginUrl, clientId, clientSecret, scope }: SasSettings, context: NetworkContext) {
  const url = httpUrl(`${authenticationUrl.replace(/\/+$/, '')}/${blobUri.replace(/^\/+/, '')}`, 'authenticationUrl with blobUri');
  const { token, audience } = tokenEndpoint(httpUrl(loginUrl, 'loginUrl'), { scope, clientId });
  if (url.protocol === 'http:')
    context.log.warn(`The token for the broker goes to ${url.host} unencrypted. Choose https if the broker knows it.`);
  const grant = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret, ...audience };
  const authorization = bearerToken({ url: token, grant, timeoutMs: TIMEOUT_MS }, context);
  // A broker that hands out signatures only by POST says so (405).
  const isSuccess = ({ status }: ApiAnswer) => (status >= 200 && status < 300) || status === 405;
  const explain = ({ status, text }: ApiAnswer) => (status < 500 && status !== 429 ? { text, next: 'fail' as const, remedy } : undefined);
  const api = openApi({ baseUrl: url, connections: 1, timeoutMs: TIMEOUT_MS, authorization, isSuccess, explain }, context);
  const send = async (method: 'GET' | 'POST') =>
    withRetries(
      () => api.call({ method, path: url.href, ...(method === 'POST' ? { body: { type: 'application/json', content: '' } } : {}) }),
      {
        signal: context.signal,
        onRetry: tellRetry(context.log),
      },
    );
  return {
    async ask(): Promise<SignedAddress> {
      const answer = await send('GET');
      const final = answer.status === 405 ? await send('POST') : answer;
      const where = url.origin + url.pathname;
      if (final.status === 405)
        throw new FatalError(`${where} knows neither GET nor POST (HTTP 405). ${remedy}`, { code: 'targetRefused' });
      const address = readSignedAddress(final);
      if (!address) throw noAddress(where);
      return address;
    },
    [Symbol.asyncDispose]: async () => {
      await api[Symbol.asyncDispose]();
      await authorization[Symbol.asyncDispose]();
    },
  };
}

const remedy = 'Check authenticationUrl and blobUri, and whether the broker knows clientId.';

/** The token endpoint under an authority, unless the address is one already; the older endpoint wants a resource, the newer a scope. */
function tokenEndpoint(login: URL, { scope, clientId }: { scope: string | undefined; clientId: string }) {
  const token = new URL(login);
  if (!/\/oauth2\/(v2\.0\/)?token\/?$/.test(login.pathname)) token.pathname = `${login.pathname.replace(/\/+$/, '')}/oauth2/v2.0/token`;
  const wanted = scope ?? `${clientId}/.default`;
  const audience: Record<string, string> = token.pathname.includes('/v2.0/')
    ? { scope: wanted }
    : { resource: wanted.replace(/\/\.default$/, '') };
  return { token, audience };
}
