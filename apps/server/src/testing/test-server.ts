import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { inject } from 'vitest';
import { createApp } from '../app.ts';
import { type Env, readEnv } from '../env.ts';
import { createLog } from '../log.ts';
import { openServices } from '../open-services.ts';
import { appRouter } from '../router.ts';
import type { Services } from '../services.ts';
import { saveSite } from '../sites/save-site.ts';
import { saveUserKey } from '../user-keys/save-user-key.ts';
import { openAuth } from '../users/auth.ts';
import { createUser } from '../users/create-user.ts';
import { type Role, roles, type SignedInUser } from '../users/roles.ts';

export const PASSWORD = 'correct horse battery';
export const SITE = {
  apiKey: '4_testSite',
  name: 'Test site',
  apiDomain: 'http://127.0.0.1:9',
  userKey: 'AUserKey',
  secret: 'c2l0ZS1zZWNyZXQtdmFsdWU=',
};

/** The test site's user key of this role. */
export const keyOf = (role: Role): { userKey: string; secret: string } => ({
  userKey: `A${role}Key`,
  secret: Buffer.from(`secret of the ${role}`).toString('base64'),
});

export interface TestServer {
  /** Origin of the running server. */
  url: string;
  databaseUrl: string;
  services: Services;
  env: Env;
  /** Calls procedures as a user of this role, without HTTP. */
  as(role: Role): ReturnType<typeof appRouter.createCaller>;
  /** Signs a user of this role in over HTTP; returns the Cookie header. */
  signIn(role: Role): Promise<string>;
  stop(): Promise<void>;
}

/** The whole server on a database and a data folder of its own, with one site, and one user and one user key of each role. */
export async function startTestServer(settings: NodeJS.ProcessEnv = {}): Promise<TestServer> {
  const databaseUrl = await copyDatabase(inject('templateUrl'));
  const dataFolder = await mkdtemp(path.join(os.tmpdir(), 'idsync-server-'));
  const env = readEnv({ IDSYNC_DATA: dataFolder, DATABASE_URL: databaseUrl, PORT: '0', IDSYNC_LOG_LEVEL: 'silent', ...settings });
  const { services, close } = await openServices(env, databaseUrl, createLog('silent', 'test'));
  const auth = openAuth({ ...services, env });
  const users = new Map<Role, SignedInUser>();
  for (const role of roles) {
    const user = { email: `${role}@example.com`, name: role, role };
    users.set(role, { ...user, id: await createUser(auth, { ...user, password: PASSWORD }) });
  }
  await saveSite(services, SITE);
  for (const role of roles) await saveUserKey(services, { ...keyOf(role), apiKey: SITE.apiKey, name: role, role, createdByName: 'Test' });
  const server = createServer(createApp({ services, auth, env }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    databaseUrl,
    services,
    env,
    as: (role) => appRouter.createCaller({ services, user: users.get(role) }),
    signIn: (role) => signIn(url, `${role}@example.com`),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await close();
      await rm(dataFolder, { recursive: true, force: true });
    },
  };
}

async function signIn(url: string, email: string): Promise<string> {
  const response = await fetch(`${url}/api/auth/sign-in/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: url },
    body: JSON.stringify({ email, password: PASSWORD }),
  });
  if (!response.ok) throw new Error(`Sign-in of ${email} answered ${response.status}.`);
  return response.headers
    .getSetCookie()
    .map((cookie) => cookie.split(';')[0])
    .join('; ');
}

async function copyDatabase(templateUrl: string): Promise<string> {
  const template = new URL(templateUrl);
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const admin = new pg.Client({ connectionString: Object.assign(new URL(templateUrl), { pathname: '/postgres' }).href });
  await admin.connect();
  // Two test files may copy at the same moment, which PostgreSQL refuses.
  await admin.query('SELECT pg_advisory_lock(1)');
  await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template.pathname.slice(1)}`);
  await admin.end();
  template.pathname = `/${name}`;
  return template.href;
}
