import { initTRPC, TRPCError } from '@trpc/server';
import { ZodError, z } from 'zod';
import type { Context } from './context.ts';
import { Refusal, type RefusalKind } from './refusal.ts';
import { mayActAs, type Role } from './users/roles.ts';

interface Meta {
  /** The least role that may call this procedure. */
  role: Role;
}

const codes = {
  'bad-request': 'BAD_REQUEST',
  'not-found': 'NOT_FOUND',
  conflict: 'CONFLICT',
  forbidden: 'FORBIDDEN',
} as const satisfies Record<RefusalKind, string>;

const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    isDev: false,
    sse: { ping: { enabled: true, intervalMs: 10_000 }, client: { reconnectAfterInactivityMs: 30_000 } },
    errorFormatter: ({ shape, error }) => ({ ...shape, message: publicMessage(error) }),
  });

export const router = t.router;

/** Deny by default: without a declared role, or without a user of that role, nothing behind it runs. */
export const procedure = t.procedure.use(async ({ ctx, meta, path, next }) => {
  if (!meta) throw new TRPCError({ code: 'FORBIDDEN', message: `${path} declares no role.` });
  if (!ctx.user) throw new TRPCError({ code: 'UNAUTHORIZED', message: 'Sign in first.' });
  if (!mayActAs(ctx.user.role, meta.role)) {
    throw new TRPCError({ code: 'FORBIDDEN', message: `This needs the role ${meta.role}; you are ${ctx.user.role}.` });
  }
  const result = await next({ ctx: { ...ctx, user: ctx.user } });
  if (!result.ok && result.error.cause instanceof Refusal) {
    throw new TRPCError({ code: codes[result.error.cause.kind], message: result.error.cause.message });
  }
  return result;
});

/** Faults of ours say nothing about our inside; the log has the details. */
function publicMessage(error: TRPCError): string {
  if (error.cause instanceof ZodError) return z.prettifyError(error.cause);
  return error.code === 'INTERNAL_SERVER_ERROR' ? 'Something went wrong on the server. Its log says what.' : error.message;
}
