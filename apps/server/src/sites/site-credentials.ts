import type { SiteCredentials } from '@idsync/engine/dataflow';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';

/** The site's credentials in clear, for the process that runs a job. Never part of an answer. */
export async function siteCredentials({ prisma, secrets }: Pick<Services, 'prisma' | 'secrets'>, apiKey: string): Promise<SiteCredentials> {
  const site = await prisma.site.findUnique({ where: { apiKey } });
  if (!site) throw new Refusal('not-found', `There is no site ${apiKey}.`);
  return { apiKey, userKey: site.userKey, apiDomain: site.apiDomain, secret: secrets.open(site.secret, apiKey) };
}
