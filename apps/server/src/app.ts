import { createExpressMiddleware } from '@trpc/server/adapters/express';
import { toNodeHandler } from 'better-auth/node';
import express, { type Express, type RequestHandler } from 'express';
import type { Context } from './context.ts';
import type { Env } from './env.ts';
import { healthRoutes } from './http/health.ts';
import { sameOrigin } from './http/same-origin.ts';
import { securityHeaders } from './http/security-headers.ts';
import { serveWeb } from './http/serve-web.ts';
import { idxRoutes } from './idx/http/routes.ts';
import { appRouter } from './router.ts';
import type { Services } from './services.ts';
import { type Auth, CLIENT_ADDRESS_HEADER } from './users/auth.ts';
import { signedInUser } from './users/signed-in-user.ts';

const LARGEST_BODY_BYTES = 20 * 1024 * 1024;

/** The HTTP side: sign-in under /api/auth, procedures under /api/trpc, the idx API, health, and the studio everywhere else. */
export function createApp({ services, auth, env }: { services: Services; auth: Auth; env: Pick<Env, 'publicUrl' | 'webFolder'> }): Express {
  const app = express().disable('x-powered-by');
  app.use(securityHeaders);
  app.use(healthRoutes(services.pool));
  app.use('/api', sameOrigin(env.publicUrl), noStore);
  // Before any body parser: it reads the body itself.
  app.all('/api/auth/{*any}', tellClientAddress, toNodeHandler(auth));
  app.use(
    '/api/trpc',
    createExpressMiddleware({
      router: appRouter,
      maxBodySize: LARGEST_BODY_BYTES,
      createContext: async ({ req }): Promise<Context> => ({ services, user: await signedInUser(auth, req.headers) }),
      onError: ({ error, path }) => {
        if (error.code === 'INTERNAL_SERVER_ERROR')
          services.log.error({ path, fault: error.cause?.stack ?? error.stack }, 'A request failed.');
      },
    }),
  );
  app.use(idxRoutes(services, env));
  app.use(serveWeb(env.webFolder));
  return app;
}

const noStore: RequestHandler = (_request, response, next) => {
  response.set('Cache-Control', 'no-store');
  next();
};

/** Sign-in attempts are counted for each address. */
const tellClientAddress: RequestHandler = (request, _response, next) => {
  request.headers[CLIENT_ADDRESS_HEADER] = request.socket.remoteAddress ?? 'unknown';
  next();
};
