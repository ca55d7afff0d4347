import { randomUUID } from 'node:crypto';
import express, { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import { isObject, type JsonObject } from '../../json.ts';
import type { Platform, PlatformPlace } from '../platform.ts';
import { LeadExports } from './exports.ts';
import { fieldNamed, leadFields } from './fields.ts';
import { isoSeconds, Leads } from './leads.ts';
import { CallLimits, type MarketoLimits, type Refusal } from './limits.ts';

/** What the stand-in accepts. */
export const demoMarketo = { clientId: '5f5f1c3e-6d2c-4f0e-9a8b-1c2d3e4f5a6b', clientSecret: 'SandboxMarketoServiceSecret' } as const;

export interface MarketoOptions extends MarketoLimits {
  /** Questions after which an export is done: 2. */
  pollsUntilDone?: number;
}

const LIFE_SECONDS = 3600;
const ACTIONS = ['createOrUpdate', 'createOnly', 'updateOnly', 'createDuplicate'];

/**
 * Marketo Engage: identity, leads, lead fields, folders and bulk lead extract. Refusals come with HTTP 200, as `success: false` or as
 * skipped leads, with the codes of the platform.
 *
 * From experienceleague.adobe.com/docs/marketo-developer/marketo/rest: authentication, error-codes, lead-database/leads,
 * bulk-extract/bulk-lead-extract, assets/folders.
 */
export const marketoWith = (options: MarketoOptions): Platform & { name: 'marketo' } => ({
  name: 'marketo',
  start: (place) => {
    let world = freshWorld(place, options);
    const router = Router();
    router.use(express.json({ limit: '1mb', strict: false }));
    router.get('/identity/oauth/token', (request, response) => grant(world, request, response));
    router.use((request, response, next) => {
      const refused = tokenFault(world, request) ?? world.limits.begin();
      if (refused) return void answer(response, refused);
      response.once('close', () => world.limits.end());
      next();
    });
    router.post('/rest/v1/leads.json', (request, response) => void answer(response, writeLeads(world.leads, request.body)));
    router.get('/rest/v1/leads/describe.json', (_request, response) => void answer(response, leadFields.map(describeField)));
    router.get('/rest/asset/v1/folders.json', (_request, response) => void answer(response, [folder(world.leads)]));
    const jobs = '/bulk/v1/leads/export';
    router.post(`${jobs}/create.json`, (request, response) => void answer(response, world.exports.create(request.body)));
    router.post(`${jobs}/:id/enqueue.json`, (request, response) => void answer(response, world.exports.enqueue(request.params.id)));
    router.post(`${jobs}/:id/cancel.json`, (request, response) => void answer(response, world.exports.cancel(request.params.id)));
    router.get(`${jobs}/:id/status.json`, (request, response) => void answer(response, world.exports.status(request.params.id)));
    router.get(`${jobs}/:id/file.json`, (request, response) => sendFile(world.exports.file(request.params.id), request, response));
    router.use((_request, response) => void answer(response, { code: '610', message: 'Requested resource not found' }));
    router.use(((error: { type?: string }, _request, response, _next) => {
      if (error.type === 'entity.too.large') response.status(413).send('Request Entity Too Large');
      else answer(response, { code: '609', message: 'Invalid JSON' });
    }) satisfies ErrorRequestHandler);
    return {
      router,
      state: () => ({
        tokens: world.tokens.size,
        leads: world.leads.all.length,
        exports: [...world.exports.jobs.values()].map(({ status }) => status),
      }),
      reset: () => {
        world = freshWorld(place, options);
      },
    };
  },
});

/** With the documented limits. */
export const marketo = marketoWith({});

type World = ReturnType<typeof freshWorld>;

function freshWorld({ clock }: PlatformPlace, options: MarketoOptions) {
  const leads = new Leads(clock);
  return {
    clock,
    leads,
    exports: new LeadExports(leads, clock, options.pollsUntilDone ?? 2),
    limits: new CallLimits(options, clock),
    /** Token to its end, milliseconds since 1970. */
    tokens: new Map<string, number>(),
  };
}

function answer(response: Response, result: JsonObject | JsonObject[] | Refusal): void {
  const requestId = randomUUID().slice(0, 12);
  if (isRefusal(result)) response.json({ requestId, success: false, errors: [result] });
  else response.json({ requestId, success: true, result: Array.isArray(result) ? result : [result] });
}

const isRefusal = (result: JsonObject | JsonObject[] | Refusal): result is Refusal =>
  !Array.isArray(result) && typeof result.code === 'string' && typeof result.message === 'string';

function grant({ tokens, clock }: World, { query }: Request, response: Response): void {
  const refuse = (error: string, error_description: string) => void response.status(401).json({ error, error_description });
  if (query.grant_type !== 'client_credentials') return void refuse('unsupported_grant_type', 'Unsupported grant type');
  if (query.client_id !== demoMarketo.clientId)
    return void refuse('invalid_client', `No client with requested id: ${String(query.client_id)}`);
  if (query.client_secret !== demoMarketo.clientSecret) return void refuse('invalid_client', 'Bad client credentials');
  const token = `${randomUUID()}:sj`;
  tokens.set(token, clock() + LIFE_SECONDS * 1000);
  response.json({ access_token: token, token_type: 'bearer', expires_in: LIFE_SECONDS - 1, scope: 'api.user@example.com' });
}

function tokenFault({ tokens, clock }: World, request: Request): Refusal | undefined {
  const token = /^Bearer (\S+)$/i.exec(request.get('authorization') ?? '')?.[1];
  if (token === undefined) return { code: '600', message: 'Access token not specified' };
  const ends = tokens.get(token);
  if (ends === undefined) return { code: '601', message: 'Access token invalid' };
  return ends < clock() ? { code: '602', message: 'Access token expired' } : undefined;
}

function writeLeads(leads: Leads, body: unknown): JsonObject[] | Refusal {
  const { input, action = 'createOrUpdate', lookupField = 'email' } = isObject(body) ? body : {};
  if (!Array.isArray(input) || input.length === 0 || !input.every(isObject))
    return { code: '1002', message: "Missing value for the required parameter 'input'" };
  if (input.length > 300) return { code: '1003', message: 'Number of leads in input exceeds 300' };
  if (typeof action !== 'string' || !ACTIONS.includes(action)) return { code: '1003', message: `Invalid action '${String(action)}'` };
  const field = typeof lookupField === 'string' ? fieldNamed(lookupField) : undefined;
  if (!field) return { code: '1006', message: `Lookup field '${String(lookupField)}' not found` };
  if (!field.searchable) return { code: '1011', message: `Lookup field '${field.name}' is not supported` };
  return input.map((lead) => ({ ...leads.write(lead, { action, lookupField: field.name }) }));
}

const describeField = (
  { name, displayName, dataType, length, readOnly = false }: (typeof leadFields)[number],
  index: number,
): JsonObject => ({
  id: index + 1,
  displayName,
  dataType,
  ...(length === undefined ? {} : { length }),
  rest: { name, readOnly },
});

const folder = ({ bornMs }: Leads): JsonObject => ({
  name: 'Marketing Activities',
  createdAt: isoSeconds(bornMs).replace(/Z$/, 'Z+0000'),
  folderId: { id: 14, type: 'Folder' },
  folderType: 'Marketing Folder',
  isSystem: true,
  id: 14,
});

/** The whole file, or the bytes a Range header asks for. */
function sendFile(file: Buffer | Refusal, request: Request, response: Response): void {
  if (!Buffer.isBuffer(file)) return void answer(response, file);
  const range = /^bytes=(\d+)-(\d*)$/.exec(request.get('range') ?? '');
  const start = Number(range?.[1] ?? 0);
  const end = range?.[2] ? Math.min(Number(range[2]) + 1, file.length) : file.length;
  if (start >= file.length && file.length > 0) return void response.status(416).end();
  if (range) response.status(206).setHeader('Content-Range', `bytes ${start}-${end - 1}/${file.length}`);
  response.setHeader('Content-Type', 'text/csv');
  response.end(file.subarray(start, end));
}
