import { z } from 'zod';
import { secret } from '#dataflow';
import { addressFault, none } from '../endpoint.ts';

/** Where the list is and who asks. */
export const campaignMonitorParams = {
  apiKey: secret().meta({
    secret: true,
    title: 'API key',
    help: 'Of the account or of the client, from Account settings, API keys.',
    source: 'doc',
  }),
  listId: z
    .string()
    .min(1)
    .meta({
      title: 'List id',
      help: 'The API subscriber list id, from the settings of the list (change name/type).',
      examples: ['a58ee1d3039b8bec838e6d1482a8a965'],
      source: 'doc',
    }),
  apiUrl: z.string().min(1).superRefine(none(addressFault)).default('https://api.createsend.com/api/v3.3/').meta({
    title: 'API address',
    help: 'Where the API is; another one only for a stand-in.',
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
export const campaignMonitorFaults = [
  {
    when: 'Invalid API Key (401, code 100)',
    effect: 'The job fails.',
    remedy: 'Take the key from Account settings, API keys; one that was regenerated ends the older one.',
  },
  {
    when: 'Invalid ListID (401, code 101)',
    effect: 'The job fails.',
    remedy: 'Take the API subscriber list id from the settings of the list, and a key of the account or client it belongs to.',
  },
  {
    when: 'Too Many Requests (429)',
    effect: 'All calls of the step wait until the period of the rate limit ends, and are repeated.',
    remedy: 'Nothing, unless it happens often: then let other programs run at other times.',
  },
];
