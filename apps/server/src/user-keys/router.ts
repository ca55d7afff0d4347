import { z } from 'zod';
import { apiKeyInput } from '../dataflows/inputs.ts';
import { procedure, router } from '../trpc.ts';
import { roles } from '../users/roles.ts';
import { createUserKey } from './create-user-key.ts';
import { listUserKeys } from './list-user-keys.ts';
import { removeUserKey } from './remove-user-key.ts';

/** The keys of programs that call the idx API. */
export const userKeysRouter = router({
  list: procedure
    .meta({ role: 'admin' })
    .input(z.object({ apiKey: apiKeyInput }))
    .query(({ ctx, input }) => listUserKeys(ctx.services, input.apiKey)),
  create: procedure
    .meta({ role: 'admin' })
    .input(
      z.object({
        apiKey: apiKeyInput,
        name: z.string().trim().min(1).max(200),
        role: z.enum(roles),
        publicKey: z.string().max(10_000).optional(),
      }),
    )
    .mutation(({ ctx, input }) => createUserKey(ctx.services, ctx.user, input)),
  remove: procedure
    .meta({ role: 'admin' })
    .input(z.object({ userKey: z.string().min(1).max(200) }))
    .mutation(({ ctx, input }) => removeUserKey(ctx.services, input.userKey)),
});
