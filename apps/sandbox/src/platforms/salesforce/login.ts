import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { XMLParser } from 'fast-xml-parser';
import { isObject, type Json } from '../../json.ts';

/** What the stand-in accepts. `token` is the security token, written behind the password. */
export const demoSalesforce = {
  username: 'integration@sandbox.example',
  password: 'Sandbox&<Password>1',
  token: 'S4ndb0xS3cur1tyT0k3n',
} as const;

const OLDEST_VERSION = 31;

/** Sessions of one organization, opened by the SOAP call login(). */
export class Sessions {
  readonly ids = new Set<string>();

  accepts(authorization: string | undefined): boolean {
    return this.ids.has(/^Bearer (\S+)$/.exec(authorization ?? '')?.[1] ?? '');
  }

  login(request: Request, response: Response, baseUrl: string): void {
    const fault = (code: string, text: string) =>
      void response
        .status(500)
        .type('text/xml')
        .send(envelope(faultBody(code, `${code}: ${text}`)));
    const version = String(request.params.version);
    if (request.get('soapaction') === undefined)
      return void response
        .status(500)
        .type('text/xml')
        .send(envelope(faultBody('Client', 'SOAPAction HTTP header missing')));
    if (Number.parseFloat(version) < OLDEST_VERSION) return void fault('UNSUPPORTED_API_VERSION', 'Invalid Api version specified on URL');
    const login = loginOf(request.body);
    if (!login) return void fault('UNKNOWN_EXCEPTION', 'The request is no login envelope');
    const { username, password, token } = demoSalesforce;
    if (login.username !== username || !login.password.startsWith(password))
      return void fault('INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.');
    if (login.password === password)
      return void fault(
        'LOGIN_MUST_USE_SECURITY_TOKEN',
        'When accessing Salesforce from outside of your company’s trusted networks, you must append a security token to your password',
      );
    if (login.password !== password + token)
      return void fault('INVALID_LOGIN', 'Invalid username, password, security token; or user locked out.');
    const sessionId = `00Dsandbox!${randomBytes(24).toString('base64url')}`;
    this.ids.add(sessionId);
    const serverUrl = `${baseUrl}/services/Soap/${String(request.params.kind)}/${version}/00D000000000001`;
    const result = `<passwordExpired>false</passwordExpired><sandbox>true</sandbox><serverUrl>${escapeXml(serverUrl)}</serverUrl><sessionId>${escapeXml(sessionId)}</sessionId><userId>005000000000001AAA</userId>`;
    response.type('text/xml').send(envelope(`<loginResponse><result>${result}</result></loginResponse>`));
  }
}

const envelope = (body: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns="urn:partner.soap.sforce.com" xmlns:sf="urn:fault.partner.soap.sforce.com"><soapenv:Body>${body}</soapenv:Body></soapenv:Envelope>`;

const faultBody = (code: string, text: string): string =>
  `<soapenv:Fault><faultcode>sf:${code}</faultcode><faultstring>${escapeXml(text)}</faultstring></soapenv:Fault>`;

const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

function loginOf(body: unknown): { username: string; password: string } | undefined {
  if (typeof body !== 'string' || body.includes('<!DOCTYPE')) return undefined;
  const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false, ignoreAttributes: true, trimValues: false });
  let at: Json | undefined;
  try {
    at = parser.parse(body) as Json;
  } catch {
    return undefined;
  }
  for (const name of ['Envelope', 'Body', 'login']) at = isObject(at) ? at[name] : undefined;
  if (!isObject(at) || typeof at.username !== 'string' || typeof at.password !== 'string') return undefined;
  return { username: at.username, password: at.password };
}
