import type { SiteCredentials } from '@idsync/engine/dataflow';
import type { Services } from '../services.ts';

/** Creates the site or brings its credentials up to date. */
export async function saveSite(
  { prisma, secrets }: Pick<Services, 'prisma' | 'secrets'>,
  site: SiteCredentials & { name: string },
): Promise<void> {
  const { apiKey, name, apiDomain, userKey } = site;
  const fields = { name, apiDomain, userKey, secret: secrets.seal(site.secret, apiKey) };
  await prisma.site.upsert({ where: { apiKey }, create: { apiKey, ...fields }, update: fields });
}
