import { ConfigError, FatalError } from '#dataflow';
import type { ApiAnswer } from '../http-api.ts';
import type { Explanation } from '../http-refusal.ts';

export interface Login {
  sessionId: string;
  /** Where the organization's APIs are: everything of `serverUrl` before `/services`. */
  instanceUrl: string;
}

/** `…/services/Soap/u/58.0` (partner) or `/c/` (enterprise). */
const endpointPath = /\/services\/Soap\/([uc])\/(\d{2,3})(?:\.0)?\/?$/;

/** First version with upserts of sObject collections; Bulk API 2.0 came before. */
const OLDEST_DATA_VERSION = 46;

/** The kind of a login address and the version of its APIs. Throws when it is none. */
export function readEndpoint(url: URL): { namespace: string; dataVersion: string } {
  const [, kind, version] = endpointPath.exec(url.pathname) ?? [];
  if (!kind || !version)
    throw new ConfigError(
      `The authentication endpoint has no version of the API: "${url.origin}${url.pathname}". Give it as https://login.salesforce.com/services/Soap/u/58.0, or with test.salesforce.com for a sandbox.`,
      { code: 'invalidParameter', field: 'params.authEndpoint' },
    );
  const namespace = kind === 'c' ? 'urn:enterprise.soap.sforce.com' : 'urn:partner.soap.sforce.com';
  return { namespace, dataVersion: `${Math.max(Number(version), OLDEST_DATA_VERSION)}.0` };
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (letter) => escapes[letter] ?? letter);

/** The envelope of login(); the security token stands behind the password. */
export const loginEnvelope = (
  namespace: string,
  { username, password, token }: { username: string; password: string; token: string },
): string =>
  `<?xml version="1.0" encoding="utf-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:urn="${namespace}"><soapenv:Body><urn:login><urn:username>${escapeXml(username)}</urn:username><urn:password>${escapeXml(password + token)}</urn:password></urn:login></soapenv:Body></soapenv:Envelope>`;

type XmlNode = { [name: string]: XmlNode | string } | string | undefined;

/** The content of the SOAP body. A document type is refused: no answer has one, and entities of its own are a way to do harm. */
async function soapBody(text: string): Promise<XmlNode> {
  if (/<!DOCTYPE/i.test(text)) return undefined;
  const { XMLParser } = await import('fast-xml-parser');
  try {
    const parsed = new XMLParser({ removeNSPrefix: true, parseTagValue: false, ignoreAttributes: true, trimValues: true }).parse(text);
    return inner(parsed as XmlNode, 'Envelope', 'Body');
  } catch {
    return undefined;
  }
}

function inner(node: XmlNode, ...names: string[]): XmlNode {
  let at = node;
  for (const name of names) at = typeof at === 'object' ? at[name] : undefined;
  return at;
}

const textIn = (node: XmlNode, name: string): string | undefined => {
  const text = inner(node, name);
  return typeof text === 'string' ? text : undefined;
};

/** Session and instance of a login's answer. */
export async function readLogin(answer: string): Promise<Login> {
  const result = inner(await soapBody(answer), 'loginResponse', 'result');
  const [sessionId, serverUrl, expired] = ['sessionId', 'serverUrl', 'passwordExpired'].map((name) => textIn(result, name));
  if (expired === 'true')
    throw new FatalError('The password of the Salesforce user has expired. Set a new one, and its security token, in the step.', {
      code: 'authenticationFailed',
    });
  const at = serverUrl?.indexOf('/services/Soap/') ?? -1;
  if (!sessionId || !serverUrl || at < 0)
    throw new FatalError('The authentication endpoint did not answer as Salesforce does. Check its address.', {
      code: 'authenticationFailed',
    });
  return { sessionId, instanceUrl: serverUrl.slice(0, at) };
}

const remedies: Record<string, string> = {
  INVALID_LOGIN: 'Check user name, password and security token; a sandbox logs in at test.salesforce.com.',
  LOGIN_MUST_USE_SECURITY_TOKEN: 'Give the security token of the user; changing the password makes a new one.',
  PASSWORD_LOCKOUT: 'The user is locked out; unlock it in Salesforce.',
  API_DISABLED_FOR_ORG:
    'The API is not enabled for this organization or user: give the profile the permission API Enabled, or use an edition with API access.',
  API_CURRENTLY_DISABLED: 'The API of this organization is disabled just now.',
  UNSUPPORTED_API_VERSION: 'Give a newer version at the end of the authentication endpoint, such as 58.0.',
  INVALID_OPERATION:
    'login() of the SOAP API is disabled for this organization or ended with this version; allow it in Setup > User Interface or give an older version.',
};
const passing = /^(?:SERVER_UNAVAILABLE|REQUEST_RUNNING_TOO_LONG|ConcurrentRequest)/;

/** A SOAP fault comes with HTTP 500, though repeating a wrong password would only lock the user out. */
export function explainFault({ text }: ApiAnswer): Explanation | undefined {
  const fault = /<faultstring>([\s\S]*?)<\/faultstring>/.exec(text)?.[1];
  if (fault === undefined) return undefined;
  const said = fault
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&apos;', "'")
    .replaceAll('&amp;', '&');
  const code = /<faultcode>(?:\w+:)?(\w+)<\/faultcode>/.exec(text)?.[1] ?? '';
  if (passing.test(code)) return { text: said, next: 'repeat' };
  return { text: said, next: 'fail', remedy: remedies[code] ?? 'Check the authentication endpoint and the user.' };
}
