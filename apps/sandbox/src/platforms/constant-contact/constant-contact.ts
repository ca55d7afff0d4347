import { type RequestHandler, Router } from 'express';
import { basicCredentials, queryText, readText } from '../json-request.ts';
import type { Platform } from '../platform.ts';
import { activityRoutes } from './activities.ts';
import { answerFault, answerFaults, invalid, isUuid } from './api-error.ts';
import { ContactBook, customFields, lists } from './contact-book.ts';
import { listContacts } from './list-contacts.ts';

/** What the stand-in accepts. `apiKey` is the client id of the application. */
export const demoConstantContact = {
  apiKey: 'bcc9b8a7-demo-client-id',
  accessToken: 'demo-access-token',
  listId: lists[0].list_id,
  refreshToken: 'demo-refresh-token',
  clientSecret: 'demo-client-secret',
} as const;

const RENEWED_TOKEN = 'demo-access-token-renewed';

export interface ConstantContactOptions {
  callsPerSecond?: number;
  callsPerDay?: number;
  /** How often an activity answers that it is still processed. */
  polls?: number;
}

/**
 * The part of Constant Contact's V3 API that synchronizes a list of 300 contacts: lists, custom fields, contacts by cursor, JSON import
 * and removal from lists as activities that are asked for, tokens renewed. From developer.constantcontact.com/api_guide: import_contacts,
 * activity_status, contacts_get_collection, rate_limits (four calls a second, 10,000 a day, told apart by `error_key`), and its OpenAPI
 * description 3.0.178. An import tells counts, not which contacts it left out. That who unsubscribed is in no list is assumed.
 */
export const constantContactStandIn = ({
  callsPerSecond = 4,
  callsPerDay = 10_000,
  polls = 1,
}: ConstantContactOptions = {}): Platform & {
  name: 'constant-contact';
} => ({
  name: 'constant-contact',
  start: ({ clock }) => {
    const book = new ContactBook();
    const activities = activityRoutes(book, { clock, polls });
    const router = Router();
    router.use(readText('8mb'));
    router.post('/oauth2/default/v1/token', renewToken);
    const rate = limitRate({ callsPerSecond, callsPerDay, clock });
    router.use('/v3', checkToken, rate.handler, lookupRoutes(book), activities.routes);
    router.use((_request, response) => answerFaults(response, 404, 'contacts.api.not_found', 'The resource was not found.'));
    const reset = () => {
      book.reset();
      activities.reset();
      rate.reset();
    };
    return { router, state: () => stateOf(book), reset };
  },
});

export const constantContact = constantContactStandIn();

const renewToken: RequestHandler = (request, response) => {
  const form = new URLSearchParams(typeof request.body === 'string' ? request.body : '');
  const basic = basicCredentials(request);
  const isClient = basic
    ? basic.user === demoConstantContact.apiKey && basic.password === demoConstantContact.clientSecret
    : form.get('client_id') === demoConstantContact.apiKey;
  if (!isClient)
    return void response.status(401).json({ error: 'invalid_client', error_description: 'Invalid value for client_id parameter.' });
  if (form.get('grant_type') !== 'refresh_token' || form.get('refresh_token') !== demoConstantContact.refreshToken)
    return void response.status(400).json({ error: 'invalid_grant', error_description: 'The refresh token is invalid or expired.' });
  response.json({ token_type: 'Bearer', expires_in: 86_400, access_token: RENEWED_TOKEN, scope: 'contact_data offline_access' });
};

const checkToken: RequestHandler = (request, response, next) => {
  const token = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
  if (token === demoConstantContact.accessToken || token === RENEWED_TOKEN) next();
  else answerFault(response, 401, 'unauthorized', 'Unauthorized');
};

function limitRate({ callsPerSecond, callsPerDay, clock }: { callsPerSecond: number; callsPerDay: number; clock: () => number }) {
  let recent: number[] = [];
  let today = 0;
  const handler: RequestHandler = (_request, response, next) => {
    const now = clock();
    recent = recent.filter((time) => now - time < 1000);
    if (++today > callsPerDay) answerFault(response, 429, 'quota_exceeded', 'Limit Exceeded');
    else if (recent.length >= callsPerSecond) answerFault(response, 429, 'throttled', 'Too Many Requests');
    else {
      recent.push(now);
      next();
    }
  };
  const reset = () => {
    recent = [];
    today = 0;
  };
  return { handler, reset };
}

function lookupRoutes(book: ContactBook): Router {
  const routes = Router();
  routes.get('/contact_lists/:id', (request, response) => {
    const list = lists.find(({ list_id }) => list_id === request.params.id);
    const members = [...book.contacts.values()].filter((contact) => contact.lists.has(request.params.id)).length;
    if (list) response.json({ ...list, favorite: false, membership_count: members });
    else if (isUuid(request.params.id)) answerFaults(response, 404, 'contacts.api.not_found', 'list_id was not found.');
    else invalid(response, 'list_id is in an invalid format.');
  });
  routes.get('/contact_custom_fields', (request, response) => {
    const limit = Number(queryText(request, 'limit') ?? 50);
    if (limit >= 1 && limit <= 100) response.json({ custom_fields: customFields, _links: {} });
    else invalid(response, 'limit must be between 1 and 100.');
  });
  routes.get('/contacts', (request, response) => listContacts(book, request, response));
  return routes;
}

const stateOf = ({ contacts }: ContactBook) => ({
  contacts: contacts.size,
  members: [...contacts.values()].filter((contact) => contact.lists.has(lists[0].list_id)).length,
  unsubscribed: [...contacts.values()].filter(({ permission }) => permission === 'unsubscribed').length,
});
