import { type Request, type RequestHandler, type Response, Router } from 'express';
import { ParallelCalls } from '../../gigya/parallel-calls.ts';
import { isObject } from '../../json.ts';
import { basicCredentials, jsonBody, queryText, readText } from '../json-request.ts';
import type { Platform, RunningPlatform } from '../platform.ts';
import { Audience, memberAnswer, memberStatuses, mergeTags } from './audience.ts';
import { listMembers } from './list-members.ts';
import { answerProblem, invalidResource, notFound } from './problem.ts';
import { batchProblems, subscribeBatch } from './subscribe-batch.ts';

/** What the stand-in accepts. */
export const demoMailchimp = { apiKey: '0123456789abcdef0123456789abcdef-us6', listId: 'a1b2c3d4e5' } as const;

export interface MailchimpOptions {
  /** Calls at a time before it answers 429. */
  connections?: number;
  /** How long each call takes, so that calls can overlap. */
  latencyMs?: number;
}

/**
 * The part of Mailchimp's Marketing API 3.0 that synchronizes a list (audience) of 250 members: list, merge fields, members, batch
 * subscribe. From mailchimp.com/developer/marketing: docs/fundamentals (basic authentication, paging, ten connections), docs/errors
 * (problem details) and api/lists, api/list-members, api/list-merges (parameters, answers, `errors` of a batch). A request that is not
 * of the schema is refused as a whole, a member that cannot be subscribed by itself.
 */
export const mailchimpStandIn = ({ connections = 10, latencyMs = 0 }: MailchimpOptions = {}): Platform & { name: 'mailchimp' } => ({
  name: 'mailchimp',
  start: ({ clock }) => {
    const audience = new Audience();
    const router = Router();
    router.use(readText('10mb'), checkKey, limitCalls(connections, latencyMs));
    router.get('/3.0/ping', (_request, response) => void response.json({ health_status: "Everything's Chimpy!" }));
    router.use('/3.0/lists/:id', listRoutes(audience, clock));
    router.use((_request, response) => notFound(response));
    return { router, state: () => stateOf(audience), reset: () => audience.reset() };
  },
});

export const mailchimp = mailchimpStandIn();

const checkKey: RequestHandler = (request, response, next) => {
  const credentials = basicCredentials(request);
  if (credentials?.password === demoMailchimp.apiKey && credentials.user !== '') return next();
  answerProblem(response, 401, {
    title: 'API Key Invalid',
    detail: "Your API key may be invalid, or you've attempted to access the wrong datacenter.",
  });
};

function limitCalls(connections: number, latencyMs: number): RequestHandler {
  const calls = new ParallelCalls(connections);
  return (_request, response, next) => {
    const leave = calls.enter('account');
    if (!leave)
      return answerProblem(response, 429, {
        title: 'Too Many Requests',
        detail: `You have exceeded the limit of ${connections} simultaneous connections.`,
      });
    response.on('close', leave);
    if (latencyMs === 0) next();
    else setTimeout(next, latencyMs);
  };
}

function listRoutes(audience: Audience, clock: () => number): Router {
  const routes = Router({ mergeParams: true });
  const { listId } = demoMailchimp;
  const answers = (handle: (request: Request, response: Response) => void): RequestHandler => {
    return (request, response) => (request.params.id === listId ? handle(request, response) : notFound(response));
  };
  routes.get(
    '/',
    answers((_request, response) => {
      const subscribed = [...audience.members.values()].filter(({ status }) => status === 'subscribed').length;
      response.json({ id: listId, name: 'Platform updates', stats: { member_count: subscribed, total_contacts: audience.members.size } });
    }),
  );
  routes.get(
    '/merge-fields',
    answers((request, response) => {
      const count = Number(queryText(request, 'count') ?? 10);
      const fields = mergeTags.map((field, index) => ({ merge_id: index + 1, ...field, list_id: listId }));
      response.json({ merge_fields: fields.slice(0, count), list_id: listId, total_items: fields.length });
    }),
  );
  routes.get(
    '/members',
    answers((request, response) => listMembers(audience, { request, response, listId })),
  );
  routes.get(
    '/members/:hash',
    answers((request, response) => {
      const member = audience.members.get(String(request.params.hash));
      if (member) response.json(memberAnswer(member, listId));
      else notFound(response);
    }),
  );
  routes.post(
    '/',
    answers((request, response) => {
      const body = jsonBody(request);
      if (body === undefined)
        return answerProblem(response, 400, { title: 'JSON Parse Error', detail: 'We encountered an unspecified JSON parsing error.' });
      const problems = batchProblems(body);
      if (problems.length > 0 || !isObject(body)) return invalidResource(response, problems);
      response.json(subscribeBatch(audience, body, { listId, now: clock() }));
    }),
  );
  return routes;
}

const stateOf = ({ members }: Audience): ReturnType<RunningPlatform['state']> => ({
  members: members.size,
  ...Object.fromEntries(
    memberStatuses.map((status) => [status, [...members.values()].filter((member) => member.status === status).length]),
  ),
});
