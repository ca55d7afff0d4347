import { randomUUID } from 'node:crypto';
import { type Request, type Response, Router } from 'express';
import { readText } from '../json-request.ts';
import type { Platform, PlatformPlace } from '../platform.ts';
import { actions } from './actions.ts';
import { freshDatabases, type PlatformFault } from './databases.ts';
import { ExportJobs } from './export-jobs.ts';
import { escapeXml, readActions, tag, type XmlElement } from './xml.ts';

/** What the stand-in accepts, and the database that has contacts. */
export const demoSilverpop = {
  clientId: '0f9c2a6e-demo-silverpop-client',
  clientSecret: 'SandboxSilverpopSecret',
  refreshToken: 'rDemoSandboxSilverpopRefreshToken',
  listId: '59294',
} as const;

export interface SilverpopOptions {
  /** The folder that an SFTP server shows as `/`; without it exports cannot be fetched. */
  folder?: string;
  /** Questions after which an export is done: 2. */
  pollsUntilDone?: number;
  /** Calls at a time: 10. */
  parallelCalls?: number;
}

const LIFE_SECONDS = 14_400;

/**
 * Silverpop Engage (Acoustic Campaign): OAuth refresh tokens and the XML API with AddRecipient, OptOutRecipient, GetListMetaData, ExportList
 * and GetJobStatus. Refusals come with HTTP 200, a result that is false and a fault behind it; an envelope that cannot be read gets one fault.
 *
 * From developer.goacoustic.com/acoustic-campaign/reference: xml-api-overview, basics, getting-started-with-oauth, faqs, add-a-contact,
 * optoutrecipient, get-database-details, export-from-a-database, getjobstatus. Of error numbers only 51 is documented there; the others and
 * their texts are made up in their form.
 */
export const silverpopWith = (options: SilverpopOptions): Platform & { name: 'silverpop' } => ({
  name: 'silverpop',
  start: (place) => {
    let world = freshWorld(place, options);
    const router = Router();
    router.use((request, response, next) => begin(world, request, response, next));
    router.use(readText('20mb'));
    router.post('/oauth/token', (request, response) => grant(world, request, response));
    router.post('/XMLAPI', (request, response) => serve(world, request, response));
    router.use((_request, response) => void response.status(404).type('text/html').send('<html>Not Found</html>'));
    return {
      router,
      state: () => ({
        tokens: world.tokens.size,
        jobs: [...world.jobs.jobs.values()].map(({ status }) => status),
        contacts: Object.fromEntries([...world.databases].map(([id, { contacts }]) => [id, contacts.length])),
        changed: [...world.databases.values()].flatMap(({ contacts }) =>
          contacts
            .filter(({ changedMs }) => changedMs >= world.bornMs)
            .map(({ values, optedOut }) => ({ ...Object.fromEntries(values), optedOut })),
        ),
      }),
      reset: () => {
        world = freshWorld(place, options);
      },
    };
  },
});

type World = ReturnType<typeof freshWorld>;

const freshWorld = ({ clock }: PlatformPlace, { folder, pollsUntilDone = 2, parallelCalls = 10 }: SilverpopOptions) => ({
  clock,
  bornMs: clock(),
  databases: freshDatabases(),
  jobs: new ExportJobs({ folder, pollsUntilDone }),
  /** Token to its end, milliseconds since 1970. */
  tokens: new Map<string, number>(),
  parallelCalls,
  running: 0,
});

function grant({ tokens, clock }: World, request: Request, response: Response): void {
  const form = new URLSearchParams(String(request.body));
  const refusal = grantRefusal(form);
  if (refusal) return void response.status(400).json({ error: refusal[0], error_description: refusal[1] });
  const token = randomUUID();
  tokens.set(token, clock() + LIFE_SECONDS * 1000);
  response.json({ access_token: token, token_type: 'bearer', refresh_token: demoSilverpop.refreshToken, expires_in: LIFE_SECONDS - 1 });
}

function grantRefusal(form: URLSearchParams): [error: string, description: string] | undefined {
  const { clientId, clientSecret, refreshToken } = demoSilverpop;
  if (form.get('grant_type') !== 'refresh_token') return ['unsupported_grant_type', 'Only refresh_token is supported'];
  if (form.get('client_id') !== clientId) return ['invalid_client', `Unable to find matching client for ${form.get('client_id')}`];
  if (form.get('client_secret') !== clientSecret) return ['invalid_client', 'The client secret does not match'];
  return form.get('refresh_token') === refreshToken ? undefined : ['invalid_grant', 'The refresh token is not valid'];
}

/** Counts a call from its first byte to its answer. */
function begin(world: World, request: Request, response: Response, next: () => void): void {
  if (request.path === '/XMLAPI') {
    world.running++;
    response.locals.isOneTooMany = world.running > world.parallelCalls;
    response.once('close', () => {
      world.running--;
    });
  }
  next();
}

function serve(world: World, request: Request, response: Response): void {
  const refusal = tokenFault(world, request);
  response.status(refusal ? 401 : 200).type('text/xml');
  response.send(`<Envelope><Body>${refusal ? faultXml(refusal) : resultsXml(world, request, response)}</Body></Envelope>`);
}

function tokenFault({ tokens, clock }: World, request: Request): PlatformFault | undefined {
  const token = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
  const ends = token === undefined ? undefined : tokens.get(token);
  if (ends === undefined) return { code: 145, text: 'Invalid access token' };
  return ends < clock() ? { code: 145, text: 'Your access token has expired' } : undefined;
}

function resultsXml(world: World, request: Request, response: Response): string {
  if (response.locals.isOneTooMany)
    return faultXml({ code: 0, text: 'You have reached the max number of concurrent authenticated requests.' });
  const isXml = /^text\/xml\b/.test(request.get('content-type') ?? '');
  const all = isXml ? readActions(String(request.body)) : undefined;
  return all ? all.map((action) => resultXml(world, action)).join('') : faultXml({ code: 51, text: 'Invalid XML Request' });
}

function resultXml(world: World, action: XmlElement): string {
  const made = Object.hasOwn(actions, action.name) ? actions[action.name] : undefined;
  const result = made?.(world, action) ?? { code: 51, text: 'Invalid XML Request' };
  return typeof result === 'string' ? `<RESULT>${tag('SUCCESS', 'TRUE')}${result}</RESULT>` : faultXml(result);
}

const faultXml = ({ code, text }: PlatformFault): string =>
  `<RESULT><SUCCESS>false</SUCCESS></RESULT><Fault><Request/><FaultCode/><FaultString>${escapeXml(text)}</FaultString><detail><error><errorid>${code}</errorid><module/><class>SP.API</class><method/></error></detail></Fault>`;
