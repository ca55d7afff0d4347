import { z } from 'zod';
import { secret } from '#dataflow';
import { addressFault, none } from '../endpoint.ts';

/** Where the list is and who asks. */
export const mailchimpParams = {
  apiUrl: z
    .string()
    .min(1)
    .superRefine(none((text) => addressFault(text.replace(/<dc>/gi, 'us1'))))
    .meta({
      title: 'API address',
      help: 'With the data centre of the account, which stands at the end of the API key; `<dc>` is replaced by it.',
      examples: ['https://us6.api.mailchimp.com/3.0/', 'https://<dc>.api.mailchimp.com/3.0/'],
      source: 'doc',
    }),
  apiKey: secret().meta({
    secret: true,
    title: 'API key',
    help: 'From Account, Extras, API keys; it ends with the data centre: `…-us6`.',
    source: 'doc',
  }),
  listId: z
    .string()
    .min(1)
    .meta({
      title: 'List id',
      help: 'The audience id, from the settings of the audience; not the number in its web address.',
      examples: ['a1b2c3d4e5'],
      source: 'doc',
    }),
};

/** Calls at a time, within the ten that the platform allows an account. */
export const maxConnections = (source: 'doc' | 'choice') =>
  z.int().min(1).max(10).default(4).meta({
    title: 'Parallel calls',
    help: 'Calls at the same time. The platform allows ten for each account, of all that use its API.',
    advanced: true,
    source,
  });

export const timeout = (source: 'doc' | 'choice') =>
  z.int().min(1).max(600).default(120).meta({
    title: 'Timeout',
    help: 'How long to wait for an answer; the platform itself ends a call after 120.',
    unit: 'seconds',
    advanced: true,
    source,
  });
