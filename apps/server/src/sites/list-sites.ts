import type { Services } from '../services.ts';

/** The sites people may choose from; every user sees all of them. */
export const listSites = ({ prisma }: Services): Promise<{ apiKey: string; name: string }[]> =>
  prisma.site.findMany({ select: { apiKey: true, name: true }, orderBy: { name: 'asc' } });
