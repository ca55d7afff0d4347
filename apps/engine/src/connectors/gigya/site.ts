import { z } from 'zod';
import { ConfigError, type ConnectContext, secret } from '#dataflow';
import type { GigyaSite } from './site-requests.ts';

/** Parameters by which a step talks to another site than the dataflow's own. */
export const otherSiteParams = {
  apiKey: z.string().optional().meta({
    title: 'API key of another site',
    help: 'Talk to this site in place of the one that owns the dataflow, as in copies from site to site. Needs user key and secret too.',
    advanced: true,
    source: 'doc',
  }),
  userKey: z
    .string()
    .optional()
    .meta({ title: 'User key', help: 'The application or user key for the other site.', advanced: true, source: 'doc' }),
  secret: secret().optional().meta({
    secret: true,
    title: 'Secret',
    help: 'The secret of that key, base64 as the console shows it.',
    advanced: true,
    source: 'doc',
  }),
  apiDomain: z
    .string()
    .optional()
    .meta({
      title: 'Data centre',
      help: 'Host of the data centre of the other site. Without it the one of the dataflow’s own site is asked first; the platform then says where the site lives.',
      examples: ['us1.gigya.com', 'eu1.gigya.com', 'au1.gigya.com'],
      advanced: true,
      source: 'choice',
    }),
};

export type OtherSiteParams = z.output<z.ZodObject<typeof otherSiteParams>>;

/** The site a step talks to: the one its parameters name, else the one that owns the dataflow. */
export function siteOf(
  { apiKey, userKey, secret, apiDomain }: OtherSiteParams,
  { site, step }: Pick<ConnectContext, 'site' | 'step'>,
): GigyaSite {
  if (apiKey === undefined && userKey === undefined && secret === undefined) {
    if (site) return apiDomain === undefined ? site : { ...site, apiDomain };
    throw new ConfigError(
      'No site is known. Run the dataflow for a site, or give apiKey, userKey and secret (and apiDomain) as parameters of the step.',
      { code: 'missingParameter', step, field: 'params.apiKey' },
    );
  }
  const key = apiKey ?? site?.apiKey;
  if (key !== undefined && userKey !== undefined && secret !== undefined) {
    return { apiKey: key, userKey, secret, apiDomain: apiDomain ?? site?.apiDomain ?? 'us1.gigya.com' };
  }
  const missing = Object.entries({ apiKey: key, userKey, secret }).find(([, value]) => value === undefined)?.[0] ?? '';
  throw new ConfigError(`The other site is named in part only: ${missing} is missing. Give apiKey, userKey and secret together.`, {
    code: 'missingParameter',
    step,
    field: `params.${missing}`,
  });
}
