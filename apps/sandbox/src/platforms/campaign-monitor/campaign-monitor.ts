import { type Request, type RequestHandler, type Response, Router } from 'express';
import { isObject } from '../../json.ts';
import { basicCredentials, jsonBody, queryText, readText } from '../json-request.ts';
import type { Platform, RunningPlatform } from '../platform.ts';
import { answerError, notOfTheSchema } from './api-error.ts';
import { importSubscribers } from './import-subscribers.ts';
import { listSubscribers } from './list-subscribers.ts';
import { customFields, isAddress, SubscriberList, subscriberAnswer, subscriberStates } from './subscriber-list.ts';

/** What the stand-in accepts. */
export const demoCampaignMonitor = {
  apiKey: '981298u298ue98u219e8u2e98u2e98u2e98u2e98u2e98u',
  listId: 'a58ee1d3039b8bec838e6d1482a8a965',
} as const;

export interface CampaignMonitorOptions {
  /** Calls in a minute before it answers 429. */
  callsPerMinute?: number;
}

/**
 * The part of Campaign Monitor's API 3.3 that synchronizes one list of 240 subscribers: list, custom fields, subscribers by state,
 * import, unsubscribe. From campaignmonitor.com/api/v3-3: getting-started (key as basic user name, error codes, rate limit headers),
 * lists and subscribers (paging, import of 1000, code 210 with `ResultData`), and the fixtures of the official createsend libraries.
 * Several refusals come with HTTP 401 (`Invalid ListID`), so that the code decides and not the status.
 */
export const campaignMonitorStandIn = ({
  callsPerMinute = 2000,
}: CampaignMonitorOptions = {}): Platform & { name: 'campaign-monitor' } => ({
  name: 'campaign-monitor',
  start: ({ clock }) => {
    const list = new SubscriberList();
    const router = Router();
    router.use(readText('20mb'), checkKey, limitRate(callsPerMinute, clock));
    router.use('/api/v3.3', listRoutes(list), subscriberRoutes(list, clock));
    router.use((_request, response) =>
      answerError(response, 404, { code: 404, message: 'We couldn’t find the resource you’re looking for.' }),
    );
    return { router, state: () => stateOf(list), reset: () => list.reset() };
  },
});

export const campaignMonitor = campaignMonitorStandIn();

const checkKey: RequestHandler = (request, response, next) => {
  const credentials = basicCredentials(request);
  if (!credentials) answerError(response, 401, { code: 50, message: 'Must supply a valid HTTP Basic Authorization header' });
  else if (credentials.user !== demoCampaignMonitor.apiKey) answerError(response, 401, { code: 100, message: 'Invalid API Key' });
  else next();
};

function limitRate(callsPerMinute: number, clock: () => number): RequestHandler {
  let began = 0;
  let calls = 0;
  return (_request, response, next) => {
    if (clock() - began >= 60_000) {
      began = clock();
      calls = 0;
    }
    calls++;
    response.setHeader('X-RateLimit-Limit', callsPerMinute);
    response.setHeader('X-RateLimit-Remaining', Math.max(0, callsPerMinute - calls));
    response.setHeader('X-RateLimit-Reset', Math.ceil((began + 60_000 - clock()) / 1000));
    if (calls <= callsPerMinute) next();
    else answerError(response, 429, { code: 429, message: 'Too Many Requests' });
  };
}

/** Routes take any list id, so that an unknown one is refused in Campaign Monitor's words. */
const known =
  (handle: (request: Request, response: Response) => void): RequestHandler =>
  (request, response) => {
    if (request.params.id === demoCampaignMonitor.listId) handle(request, response);
    else answerError(response, 401, { code: 101, message: 'Invalid ListID' });
  };

function listRoutes(list: SubscriberList): Router {
  const routes = Router();
  const title = {
    ConfirmedOptIn: false,
    Title: 'Website subscribers',
    UnsubscribePage: '',
    UnsubscribeSetting: 'OnlyThisList',
    ConfirmationSuccessPage: '',
  };
  routes.get(
    '/lists/:id.json',
    known((_request, response) => void response.json({ ...title, ListID: demoCampaignMonitor.listId })),
  );
  routes.get(
    '/lists/:id/customfields.json',
    known((_request, response) => void response.json(customFields.map((field) => ({ ...field, VisibleInPreferenceCenter: true })))),
  );
  for (const state of subscriberStates)
    routes.get(
      `/lists/:id/${state.toLowerCase()}.json`,
      known((request, response) => listSubscribers(list, { request, response, state })),
    );
  return routes;
}

function subscriberRoutes(list: SubscriberList, clock: () => number): Router {
  const routes = Router();
  const notInList = { code: 203, message: 'Subscriber not in list or has already been removed.' };
  routes.get(
    '/subscribers/:id.json',
    known((request, response) => {
      const subscriber = list.find(queryText(request, 'email') ?? '');
      if (subscriber) response.json(subscriberAnswer(subscriber));
      else answerError(response, 400, notInList);
    }),
  );
  routes.post(
    '/subscribers/:id/import.json',
    known((request, response) => importSubscribers(list, { body: jsonBody(request), response, now: clock() })),
  );
  routes.post(
    '/subscribers/:id/unsubscribe.json',
    known((request, response) => {
      const body = jsonBody(request);
      if (!isObject(body) || typeof body.EmailAddress !== 'string') return notOfTheSchema(response, 'emailaddress');
      const subscriber = list.find(body.EmailAddress);
      if (!isAddress(body.EmailAddress)) answerError(response, 400, { code: 1, message: 'Invalid Email Address' });
      else if (!subscriber || subscriber.state === 'Deleted') answerError(response, 400, notInList);
      else {
        if (subscriber.state !== 'Unsubscribed') list.put({ ...subscriber, state: 'Unsubscribed', date: clock() });
        response.status(200).end();
      }
    }),
  );
  return routes;
}

const stateOf = ({ subscribers }: SubscriberList): ReturnType<RunningPlatform['state']> =>
  Object.fromEntries([
    ['subscribers', subscribers.size],
    ...subscriberStates.map((state) => [state.toLowerCase(), [...subscribers.values()].filter((one) => one.state === state).length]),
  ]);
