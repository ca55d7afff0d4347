import { listSites } from '../sites/list-sites.ts';
import { procedure, router } from '../trpc.ts';

export const sessionRouter = router({
  me: procedure.meta({ role: 'viewer' }).query(async ({ ctx }) => ({ user: ctx.user, sites: await listSites(ctx.services) })),
});
