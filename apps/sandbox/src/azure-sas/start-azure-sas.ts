import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type IssuedTokens, issueToken, type LoginClient } from './login.ts';
import { signedAddress } from './signature.ts';

export interface AzureSasOptions {
  port?: number;
  tenant?: string;
  client?: LoginClient;
  /** The storage the signatures are for, which checks them. */
  storage: { endpoint: string; accountName: string; accountKey: string; container: string };
}

/** What can be changed while it runs. */
export interface AzureSasBehaviour {
  /** How the address is put into the answer. */
  shape: 'text' | 'json-text' | 'object' | 'two-fields';
  /** Letters of the rights the signatures grant. */
  rights: string;
  /** Signatures for one blob of this name. */
  blob: string | undefined;
  signatureLifeSeconds: number;
  tokenLifeSeconds: number;
  /** Signatures are handed out by POST only. */
  postOnly: boolean;
  /** So many of the next signatures are wrong. */
  wrongSignatures: number;
  /** The broker answers so many of the next calls with 503. */
  busyCalls: number;
}

export interface AzureSasServer {
  url: string;
  loginUrl: string;
  client: LoginClient;
  behaviour: AzureSasBehaviour;
  /** Calls so far: `POST /tenant/oauth2/v2.0/token`. */
  calls: string[];
  stop(): Promise<void>;
}

interface Answer {
  status: number;
  type: 'application/json' | 'text/plain';
  text: string;
}

const json = (status: number, body: unknown): Answer => ({ status, type: 'application/json', text: JSON.stringify(body) });

/** A login and a broker that hands out signatures for Azure Blob Storage below `/api/sasstorage/create/`, in one server. */
export async function startAzureSas({
  port = 0,
  tenant = 'company.onmicrosoft.com',
  client = { clientId: '11111111-2222-3333-4444-555555555555', clientSecret: 'the~sandbox~secret' },
  storage,
}: AzureSasOptions): Promise<AzureSasServer> {
  const behaviour: AzureSasBehaviour = {
    shape: 'json-text',
    rights: 'racwdl',
    blob: undefined,
    signatureLifeSeconds: 3600,
    tokenLifeSeconds: 3599,
    postOnly: false,
    wrongSignatures: 0,
    busyCalls: 0,
  };
  const tokens: IssuedTokens = new Map();
  const calls: string[] = [];

  const login = (path: string, body: string): Answer => {
    const newer = path.includes('/v2.0/');
    const { tokenLifeSeconds: lifeSeconds } = behaviour;
    const answer = issueToken(new URLSearchParams(body), { client, newer, tokens, lifeSeconds, nowMs: Date.now() });
    return json(answer.status, answer.body);
  };

  const broker = (method: string, authorization: string): Answer => {
    if (behaviour.busyCalls > 0) {
      behaviour.busyCalls--;
      return { status: 503, type: 'text/plain', text: 'busy' };
    }
    if ((tokens.get(authorization.replace(/^Bearer /, '')) ?? 0) < Date.now())
      return json(401, { message: 'The token is missing, wrong or has ended.' });
    if (method !== 'POST' && behaviour.postOnly) return json(405, { message: 'Use POST.' });
    const { blob, rights } = behaviour;
    const ends = new Date(Date.now() + behaviour.signatureLifeSeconds * 1000);
    const address = signedAddress({ ...storage, ...(blob === undefined ? {} : { blob }), rights, ends });
    if (behaviour.wrongSignatures === 0) return shaped(address, behaviour.shape);
    behaviour.wrongSignatures--;
    return shaped(address.replace(/sig=.*/, 'sig=d3Jvbmc%3D'), behaviour.shape);
  };

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://sandbox');
    const method = request.method ?? 'GET';
    calls.push(`${method} ${pathname}`);
    const body = await textOf(request);
    const answer =
      method === 'POST' && [`/${tenant}/oauth2/v2.0/token`, `/${tenant}/oauth2/token`].includes(pathname)
        ? login(pathname, body)
        : pathname === '/api/sasstorage/create/'
          ? broker(method, request.headers.authorization ?? '')
          : json(404, { message: 'There is nothing here.' });
    response.writeHead(answer.status, { 'content-type': answer.type }).end(answer.text);
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    loginUrl: `${url}/${tenant}`,
    client,
    behaviour,
    calls,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function shaped(address: string, shape: AzureSasBehaviour['shape']): Answer {
  const [place, signature] = address.split('?');
  if (shape === 'text') return { status: 200, type: 'text/plain', text: address };
  if (shape === 'json-text') return json(200, address);
  if (shape === 'object') return json(200, { data: { sasUri: address } });
  return json(200, { uri: place, sasToken: `?${signature}` });
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
