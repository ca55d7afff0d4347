import { dataflowsRouter } from './dataflows/router.ts';
import { jobsRouter } from './jobs/router.ts';
import { sessionRouter } from './session/router.ts';
import { router } from './trpc.ts';
import { userKeysRouter } from './user-keys/router.ts';

/** Every procedure of the server, by domain. */
export const appRouter = router({
  session: sessionRouter,
  dataflows: dataflowsRouter,
  jobs: jobsRouter,
  userKeys: userKeysRouter,
});

export type AppRouter = typeof appRouter;
