import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import type { Env } from '../env.ts';
import type { Services } from '../services.ts';

/** Header that holds the caller's address as this server saw it; whatever a client sends under this name is overwritten. */
export const CLIENT_ADDRESS_HEADER = 'x-idsync-client-address';

const DAY_SECONDS = 86_400;

/** Sign-in with e-mail and password. Nobody can sign up; administrators make users. */
export const openAuth = ({
  prisma,
  secrets,
  log,
  env,
}: Pick<Services, 'prisma' | 'secrets' | 'log'> & { env: Pick<Env, 'publicUrl' | 'host' | 'port'> }) =>
  betterAuth({
    database: prismaAdapter(prisma, { provider: 'postgresql' }),
    secret: secrets.deriveKey('idsync sessions'),
    baseURL: env.publicUrl ?? `http://${env.host}:${env.port}`,
    basePath: '/api/auth',
    trustedOrigins: (request) => (request ? [new URL(request.url).origin, ...(env.publicUrl ? [env.publicUrl] : [])] : []),
    logger: { level: 'warn', log: (level, message) => log.warn({ level }, message) },
    telemetry: { enabled: false },
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 10, maxPasswordLength: 128 },
    user: { additionalFields: { role: { type: 'string', required: true, defaultValue: 'viewer', input: false } } },
    session: { expiresIn: 7 * DAY_SECONDS, updateAge: DAY_SECONDS },
    rateLimit: {
      enabled: true,
      window: 60,
      max: 200,
      customRules: { '/sign-in/email': { window: 60, max: 10 } },
    },
    advanced: {
      ipAddress: { ipAddressHeaders: [CLIENT_ADDRESS_HEADER] },
      useSecureCookies: env.publicUrl?.startsWith('https:') ?? false,
      defaultCookieAttributes: { sameSite: 'lax', httpOnly: true },
      cookiePrefix: 'idsync',
    },
  });

export type Auth = ReturnType<typeof openAuth>;
