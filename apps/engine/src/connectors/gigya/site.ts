import { z } from 'zod';
import { ConfigError, type ConnectContext, secret } from '#dataflow';
import { addressFault, none } from '../endpoint.ts';
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
  privateKey: secret().optional().meta({
    secret: true,
    title: 'Private key',
    multiline: true,
    help: 'RSA key (PKCS#8) of the user key: calls carry a signed token in place of a signature with the secret.',
    advanced: true,
    source: 'obs',
  }),
  signWith: z.enum(['signature', 'secret']).default('signature').meta({
    title: 'Prove calls by',
    help: '`signature`: each call is signed with the secret, which is not sent. `secret`: user key and secret are sent as they are, over HTTPS only. A private key, where there is one, is used instead of either.',
    advanced: true,
    source: 'choice',
  }),
  apiDomain: z
    .string()
    .superRefine(none((text) => addressFault(text.includes('://') ? text : `https://${text.trim()}`)))
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
  { apiKey, userKey, secret, privateKey, signWith, apiDomain }: OtherSiteParams,
  { site, step }: Pick<ConnectContext, 'site' | 'step'>,
): GigyaSite {
  if ([apiKey, userKey, secret, privateKey].every((given) => given === undefined)) {
    if (site) return { ...site, signWith, ...(apiDomain === undefined ? {} : { apiDomain }) };
    throw new ConfigError(
      'No site is known. Run the dataflow for a site, or give apiKey, userKey and secret (and apiDomain) as parameters of the step.',
      { code: 'missingParameter', step, field: 'params.apiKey' },
    );
  }
  const key = apiKey ?? site?.apiKey;
  const proof = privateKey ?? secret;
  if (key !== undefined && userKey !== undefined && proof !== undefined) {
    const domain = apiDomain ?? site?.apiDomain ?? 'us1.gigya.com';
    return { apiKey: key, userKey, secret: secret ?? '', signWith, apiDomain: domain, ...(privateKey === undefined ? {} : { privateKey }) };
  }
  const missing = Object.entries({ apiKey: key, userKey, secret: proof }).find(([, value]) => value === undefined)?.[0] ?? '';
  throw new ConfigError(
    `The other site is named in part only: ${missing} is missing. Give apiKey, userKey and secret (or privateKey) together.`,
    {
      code: 'missingParameter',
      step,
      field: `params.${missing}`,
    },
  );
}
