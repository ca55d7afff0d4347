import { randomBytes, randomUUID } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { basicCredentials, readText } from '../json-request.ts';
import type { Platform } from '../platform.ts';
import { Contacts, type EntityChange, type EntityRefusal } from './contacts.ts';
import { readChangesets } from './multipart.ts';

/** What the stand-in accepts. */
export const demoSapMarketing = { username: 'GIGYA_INBOUND', password: 'SandboxMarketingPassword' } as const;

const SERVICE = /^\/sap\/opu\/odata\/sap\/API_MKT_CONTACT_SRV;v=0004(\/.*)?$/i;

/**
 * SAP Marketing Cloud, the OData 2.0 service API_MKT_CONTACT_SRV (scenario SAP_COM_0207): CSRF tokens with their session, and `$batch` with
 * changesets of ContactOriginData, MarketingPermissions and MarketingSubscriptions. A changeset that is refused is answered as one part.
 *
 * From the service's public metadata (names, keys, lengths; of version 3), odata.org/documentation/odata-version-2-0/batch-processing,
 * userapps.support.sap.com 3048103 (CSRF token validation failed), sap.com/cxworks "Best Practices for Importing Interaction Contact Data
 * into SAP Marketing Cloud". The numbers of its error codes are not documented and are made up in their form.
 */
export const sapMarketing: Platform & { name: 'sap-marketing' } = {
  name: 'sap-marketing',
  start: () => {
    let contacts = new Contacts();
    const sessions = new Map<string, string>();
    const router = Router();
    router.use(readText('20mb'));
    router.use((request, response) => {
      const at = SERVICE.exec(request.path);
      const given = basicCredentials(request);
      if (given?.user !== demoSapMarketing.username || given.password !== demoSapMarketing.password) {
        response.setHeader('www-authenticate', 'Basic realm="SAP Marketing"');
        return void response.status(401).type('text/html').send('<html>Logon Error Message</html>');
      }
      if (!at) return void xmlError(response, 403, '/IWFND/MED/170', 'No service found for the namespace and name');
      if (request.method === 'GET') return void serveRoot(request, response, sessions);
      if (request.method !== 'POST' || at[1] !== '/$batch') return void xmlError(response, 405, '/IWFND/CM_OCI/020', 'Method not allowed');
      if (!isOfSession(request, sessions)) {
        response.setHeader('x-csrf-token', 'Required');
        return void response.status(403).type('text/plain').send('CSRF token validation failed');
      }
      const changesets = readChangesets(request.get('content-type') ?? '', String(request.body));
      if (typeof changesets === 'string') return void xmlError(response, 400, '/IWFND/CM_MGW/021', changesets);
      answerBatch(
        response,
        changesets.map((changes) => ({ changes, refusal: contacts.apply(changes) })),
      );
    });
    return {
      router,
      state: () => ({
        sessions: sessions.size,
        ...Object.fromEntries(Object.entries(contacts.stored).map(([name, all]) => [name, [...all.values()]])),
      }),
      reset: () => {
        contacts = new Contacts();
        sessions.clear();
      },
    };
  },
};

function serveRoot(request: Request, response: Response, sessions: Map<string, string>): void {
  if (request.get('x-csrf-token')?.toLowerCase() === 'fetch') {
    const session = randomUUID();
    const token = randomBytes(16).toString('base64');
    sessions.set(session, token);
    response.setHeader('x-csrf-token', token);
    response.setHeader('set-cookie', [
      `SAP_SESSIONID_MKT_100=${session}; path=/; secure; HttpOnly`,
      'sap-usercontext=sap-client=100; path=/',
    ]);
  }
  response.json({ d: { EntitySets: ['ContactOriginData', 'MarketingPermissions', 'MarketingSubscriptions'] } });
}

function isOfSession(request: Request, sessions: Map<string, string>): boolean {
  const session = /SAP_SESSIONID_MKT_100=([^;]+)/.exec(request.get('cookie') ?? '')?.[1];
  const token = session === undefined ? undefined : sessions.get(session);
  return token !== undefined && request.get('x-csrf-token') === token;
}

interface ChangesetAnswer {
  changes: readonly EntityChange[];
  refusal: EntityRefusal | undefined;
}

function answerBatch(response: Response, answers: readonly ChangesetAnswer[]): void {
  const batch = randomUUID().replaceAll('-', '').toUpperCase();
  const lines = answers.flatMap(({ changes, refusal }) => {
    if (refusal) return [`--${batch}`, ...errorPart(refusal), ''];
    const changeset = randomUUID().replaceAll('-', '').toUpperCase();
    const done = changes.flatMap(() => [
      `--${changeset}`,
      'Content-Type: application/http',
      'Content-Length: 71',
      'content-transfer-encoding: binary',
      '',
      'HTTP/1.1 204 No Content',
      'Content-Length: 0',
      'dataserviceversion: 2.0',
      '',
      '',
    ]);
    return [`--${batch}`, `Content-Type: multipart/mixed; boundary=${changeset}`, '', ...done, `--${changeset}--`, ''];
  });
  response.status(202).setHeader('content-type', `multipart/mixed; boundary=${batch}`);
  response.end([...lines, `--${batch}--`, ''].join('\r\n'));
}

function errorPart({ status, code, message }: EntityRefusal): string[] {
  const error = {
    code,
    message: { lang: 'en', value: message },
    innererror: { transactionid: randomUUID(), errordetails: [{ code, message, severity: 'error' }] },
  };
  const json = JSON.stringify({ error });
  return [
    'Content-Type: application/http',
    'content-transfer-encoding: binary',
    '',
    `HTTP/1.1 ${status} ${status === 400 ? 'Bad Request' : 'Error'}`,
    'Content-Type: application/json;charset=utf-8',
    `Content-Length: ${Buffer.byteLength(json)}`,
    '',
    json,
  ];
}

const xmlError = (response: Response, status: number, code: string, message: string): Response =>
  response
    .status(status)
    .type('application/xml')
    .send(
      `<?xml version="1.0" encoding="utf-8"?><error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><code>${code}</code><message xml:lang="en">${message}</message></error>`,
    );
