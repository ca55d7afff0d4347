import { z } from 'zod';
import { secret } from '#dataflow';
import { addressFault, none } from '../endpoint.ts';

/** Where the list is and who asks. */
export const constantContactParams = {
  apiKey: secret().meta({
    secret: true,
    title: 'API key',
    help: 'The client id of the application, from the developer portal (My Applications). It is sent only when a token is renewed.',
    source: 'doc',
  }),
  accessToken: secret().meta({
    secret: true,
    title: 'Access token',
    help: 'An OAuth2 token of the V3 API with the scope contact_data. It lives a day at most; give a refresh token for scheduled flows.',
    source: 'doc',
  }),
  listId: z
    .string()
    .min(1)
    .meta({
      title: 'List id',
      help: 'The list_id of the V3 API, a UUID; ids of the older V2 API are numbers and are not known any more.',
      examples: ['06a11efa-5879-4f0e-9f0a-1f3b8a2f4f3e'],
      source: 'doc',
    }),
  refreshToken: secret().optional().meta({
    secret: true,
    title: 'Refresh token',
    help: 'Renews the access token when it has ended. Of the long-lived kind: one that changes with each use works only once.',
    source: 'choice',
  }),
  clientSecret: secret().optional().meta({
    secret: true,
    title: 'Client secret',
    help: 'Of the application, when it has one; needed only to renew the token.',
    advanced: true,
    source: 'choice',
  }),
  callsPerSecond: z.number().min(0.1).max(1000).default(4).meta({
    title: 'Calls a second',
    help: 'The platform allows four for each API key.',
    advanced: true,
    source: 'choice',
  }),
  apiUrl: z.string().min(1).superRefine(none(addressFault)).default('https://api.cc.email/v3/').meta({
    title: 'API address',
    help: 'Where the API is; another one only for a stand-in.',
    advanced: true,
    source: 'choice',
  }),
  authUrl: z.string().min(1).superRefine(none(addressFault)).default('https://authz.constantcontact.com/oauth2/default/v1/token').meta({
    title: 'Token address',
    help: 'Where tokens are renewed; another one only for a stand-in.',
    advanced: true,
    source: 'choice',
  }),
  timeout: z.int().min(1).max(600).default(120).meta({
    title: 'Timeout',
    help: 'How long to wait for an answer.',
    unit: 'seconds',
    advanced: true,
    source: 'choice',
  }),
};

/** Faults of every call, for the reference pages. */
export const constantContactFaults = [
  {
    when: 'Unauthorized (401)',
    effect: 'The token is renewed when there is a refresh token; otherwise the job fails.',
    remedy: 'Give a token that has not ended, or a refresh token of the long-lived kind. Keys of the V2 API do not work.',
  },
  {
    when: 'Forbidden (403)',
    effect: 'The job fails.',
    remedy: 'Grant the application the scope contact_data and a user who may manage contacts.',
  },
  {
    when: 'The list is not found (404), or its id is no UUID',
    effect: 'The job fails.',
    remedy: 'Take the list_id of the V3 API; `GET /contact_lists/list_id_xrefs` tells it for the number of the V2 API.',
  },
  {
    when: 'Too Many Requests (429, throttled)',
    effect: 'All calls of the step pause and are repeated.',
    remedy: 'Lower the calls a second when other programs use the same API key.',
  },
  {
    when: 'Limit Exceeded (429, quota_exceeded)',
    effect: 'The job fails.',
    remedy: 'The 10,000 calls of a day are used up; run the job again after midnight UTC.',
  },
];
