import { z } from 'zod';
import { secret } from '#dataflow';
import { addressFault, none } from '../endpoint.ts';

/** How both components of Marketo reach it. */
export const marketoParams = {
  baseUrl: z
    .string()
    .min(1)
    .superRefine(none(addressFault))
    .meta({
      title: 'Base address',
      help: 'REST endpoint of the subscription, from Admin > Web Services; with or without /rest.',
      examples: ['https://123-ABC-456.mktorest.com/rest'],
      source: 'doc',
    }),
  clientId: z
    .string()
    .min(1)
    .meta({ title: 'Client id', help: 'Client id of the custom service, from Admin > LaunchPoint.', source: 'doc' }),
  clientSecret: secret().meta({ title: 'Client secret', help: 'Client secret of the custom service.', source: 'doc' }),
};
