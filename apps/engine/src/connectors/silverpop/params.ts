import { z } from 'zod';
import { secret } from '#dataflow';
import { addressFault, none } from '../endpoint.ts';

/** Who asks, where, and for which list. */
export const silverpopParams = {
  clientId: z
    .string()
    .min(1)
    .meta({ title: 'Client id', help: 'Of the application, from Settings, Organization, Application Account Access.', source: 'doc' }),
  clientSecret: secret().meta({ secret: true, title: 'Client secret', help: 'Of the application.', source: 'doc' }),
  refreshToken: secret().meta({
    secret: true,
    title: 'Refresh token',
    help: 'Of the account that the application may act for; it fetches the access tokens.',
    source: 'doc',
  }),
  listId: z
    .string()
    .regex(/^\d+$/, 'A list id is a number, as the summary of the database shows it.')
    .meta({ title: 'List id', help: 'Id of the database or contact list.', examples: ['59294'], source: 'doc' }),
  podNumber: z.int().min(1).max(9).default(5).meta({
    title: 'Pod',
    help: 'Number of the pod of the organization: 5 for engage5.silverpop.com or us-5. For pod A give apiUrl.',
    source: 'doc',
  }),
  apiUrl: z
    .string()
    .min(1)
    .superRefine(none(addressFault))
    .optional()
    .meta({
      title: 'API address',
      help: 'Another address than that of the pod, without a path of an API.',
      examples: ['https://api-campaign-ap-1.goacoustic.com'],
      advanced: true,
      source: 'choice',
    }),
  timeout: z.int().min(10).max(600).default(120).meta({
    title: 'Timeout',
    help: 'How long to wait for an answer.',
    unit: 'seconds',
    advanced: true,
    source: 'choice',
  }),
};
