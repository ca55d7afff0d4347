import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { startEmbedded } from '@idsync/prisma/embedded';
import { migrate } from '@idsync/prisma/migrate';
import { createApp } from './app.ts';
import { readEnv } from './env.ts';
import { createLog } from './log.ts';
import { openServices } from './open-services.ts';
import { startSchedules } from './schedules/start-schedules.ts';
import { seedDemo } from './seed/seed-demo.ts';
import { startWorker } from './start-worker.ts';
import { openAuth } from './users/auth.ts';
import { ADMIN_EMAIL, ensureAdmin } from './users/ensure-admin.ts';

/**
 * The server: database, use cases, HTTP and, unless told otherwise, a worker of its own. Tells a parent process over IPC when it is
 * ready. With DATABASE_URL given, migrating is up to whoever starts it.
 */
const env = readEnv(process.env);
const log = createLog(env.logLevel, 'server');
const embedded = env.databaseUrl === undefined ? await startEmbedded(env.dataFolder) : undefined;
const url = env.databaseUrl ?? embedded?.url ?? '';
if (embedded) await migrate(url);

const { services, close } = await openServices(env, url, log);
const auth = openAuth({ ...services, env });
const password = await ensureAdmin({ ...services, auth, env });
if (env.demo && env.sandbox) await seedDemo(services, env.sandbox, { withUserKey: isLoopback(env.host) });

const server = createServer(createApp({ services, auth, env }));
await new Promise<void>((resolve, reject) => server.once('error', reject).listen(env.port, env.host, resolve)).catch(
  (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error;
    log.fatal(`Port ${env.port} of ${env.host} is in use. Set PORT to another one.`);
    process.exit(1);
  },
);
const schedules = startSchedules(services);
const worker = env.startsWorker
  ? startWorker({ env: { ...process.env, DATABASE_URL: url }, log, onGivenUp: () => process.exit(1) })
  : undefined;
await worker?.ready;
const { port } = server.address() as AddressInfo;
log.info({ host: env.host, port }, 'Server ready.');
process.send?.({ type: 'ready', port, email: ADMIN_EMAIL, password });

/** Everybody knows the demo's key, so it opens nothing for other machines. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}

let ending = false;
async function end(): Promise<void> {
  if (ending) return;
  ending = true;
  server.close();
  server.closeAllConnections();
  await schedules.stop();
  await worker?.stop();
  await close();
  if (embedded && !embedded.reused) await embedded.stop();
  process.exit(0);
}
process.once('SIGTERM', end);
process.once('SIGINT', end);
process.once('disconnect', end);
