import { createHmac } from 'node:crypto';
import { type Connection, type DataRecord, isDataRecord, type Json } from '#dataflow';
import { httpUrl } from './http.ts';
import { openApi } from './http-api.ts';
import type { NetworkContext } from './network.ts';

/** Calls a second that the User Data API bears. */
const CALLS_PER_SECOND = 1000;

export interface BluekaiSettings {
  domain: string;
  siteId: string;
  version: string;
  bkuid: string;
  secretKey: string;
  connections: number;
  timeoutMs: number;
}

export interface BluekaiConnection extends Connection {
  /** Adds attributes to one user. Throws as {@link openApi} says. */
  sendUser(id: string, attributes: readonly (readonly [string, string])[]): Promise<void>;
}

/** Opens the User Data API of one site. Nothing is sent before the first call. */
export function openBluekai(settings: BluekaiSettings, context: NetworkContext): BluekaiConnection {
  const { siteId, version, bkuid, secretKey, connections, timeoutMs } = settings;
  // Stored flows name http; the platform answers 403 to anything but https.
  const domain = settings.domain.replace(/^http:\/\/(?=api\.tags\.bluekai\.com\b)/, 'https://');
  const baseUrl = httpUrl(domain, 'The domain');
  const api = openApi(
    {
      baseUrl,
      connections,
      timeoutMs,
      callsPerSecond: CALLS_PER_SECOND,
      explain: ({ status, text, json }) => {
        const said = messageOf(json) ?? text;
        if (status === 401 || status === 403) return { text: said, next: 'fail', remedy: 'Check bkuid and secretKey (web service keys).' };
        return status === 404 ? { text: said, next: 'fail', remedy: 'Check domain and version.' } : { text: said };
      },
    },
    context,
  );
  const path = `/getdata/${encodeURIComponent(siteId)}/${encodeURIComponent(version)}`;
  const call = (parts: readonly (readonly [string, string])[]) => {
    const values = parts.map(([, value]) => encoded(value));
    const query = parts.map(([name], index) => `${name}=${values[index]}`).join('&');
    const signature = createHmac('sha256', secretKey)
      .update(`GET${path}${values.join('')}`)
      .digest('base64');
    const signed = `${query}&bkuid=${encoded(bkuid)}&bksig=${encoded(signature)}`;
    return api.call({ path: `${baseUrl.href.replace(/\/$/, '')}${path}?${signed}` });
  };
  return {
    async sendUser(id, attributes) {
      await call([['puserid', id], ...attributes.map(([key, value]) => ['phint', `${key}=${value}`] as const)]);
    },
    async test() {
      await call([['puserid', 'idsync-connection-test']]);
      return `Site ${siteId} answers at ${baseUrl.origin}.`;
    },
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

/** Values as RFC 3986 wants them. What is signed must be what is sent, and addresses encode an apostrophe, which encodeURIComponent leaves. */
const encoded = (value: string): string =>
  encodeURIComponent(value).replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);

/** The fields of a record as attributes: nested ones by their path, each entry of a list on its own; empty ones left out. */
export function attributesOf(record: DataRecord, except: string, at = ''): [string, string][] {
  return Object.entries(record).flatMap(([name, value]) => {
    const path = at === '' ? name : `${at}.${name}`;
    return path === except ? [] : attributeOf(path, value, except);
  });
}

function attributeOf(path: string, value: Json, except: string): [string, string][] {
  if (value === null || value === '') return [];
  if (Array.isArray(value)) return value.flatMap((entry) => attributeOf(path, entry, except));
  return typeof value === 'object' ? attributesOf(value, except, path) : [[path, String(value)]];
}

const messageOf = (json: Json | undefined): string | undefined =>
  isDataRecord(json) && typeof json.message === 'string' ? json.message : undefined;
