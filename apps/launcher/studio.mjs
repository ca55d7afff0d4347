// Brings up database, sandbox and server as children of this process, says where the studio is, and takes all of it down again.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { buildClient, buildWeb } from './build.mjs';
import { endChildren, startChild } from './children.mjs';
import { root } from './install.mjs';
import { startSandbox } from './sandbox.mjs';

const options = JSON.parse(process.argv[2]);
const port = Number(options.port ?? process.env.PORT ?? 4000);
const host = process.env.HOST ?? '127.0.0.1';
const dataFolder = path.resolve(options.data ?? process.env.IDSYNC_DATA ?? path.join(root, '.data'));
const steps = []; // what has to be taken down, newest last
let ending = false;

for (const signal of ['SIGINT', 'SIGTERM', 'disconnect']) process.on(signal, () => end(0));
try {
  await bringUp();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  await end(1);
}

async function bringUp() {
  if (!(await isFree(port))) throw new Error(`Port ${port} is in use. Take another one: npm start -- --port ${port + 1}`);
  if (!existsSync(dataFolder)) mkdirSync(dataFolder, { recursive: true, mode: 0o755 });
  claimFolder();
  await buildClient();
  const [databaseUrl, sandbox] = await Promise.all([openDatabase(), options.demo ? openSandbox() : undefined, buildWeb()]);
  if (ending) return;
  const server = await openServer(databaseUrl, sandbox);
  if (!ending) greet(server, sandbox);
}

/** Two starts on one data folder would end each other's database. */
function claimFolder() {
  const file = path.join(dataFolder, 'start.pid');
  const other = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (other !== '' && isStudio(Number(other)))
    throw new Error(`IdentitySync Studio already runs on ${dataFolder} (process ${other}). Take another folder: npm start -- --data DIR`);
  writeFileSync(file, String(process.pid));
  steps.push(async () => rmSync(file, { force: true }));
}

/** Process ids are used again, so where the system tells, the process must be one of ours. */
function isStudio(pid) {
  try {
    process.kill(pid, 0);
    const commandLine = `/proc/${pid}/cmdline`;
    return !existsSync(commandLine) || readFileSync(commandLine, 'utf8').includes('studio.mjs');
  } catch {
    return false;
  }
}

async function openDatabase() {
  const { migrate } = await import('../../prisma/migrate.ts');
  const url = process.env.DATABASE_URL || (await openEmbedded());
  await migrate(url);
  return url;
}

async function openEmbedded() {
  const { startEmbedded } = await import('../../prisma/embedded.ts');
  const postgres = await startEmbedded(dataFolder);
  // A server that another start left behind is ours to end, too: the port was free, so nobody else uses this folder.
  steps.unshift(() => postgres.stop());
  if (ending) await postgres.stop();
  return postgres.url;
}

function openSandbox() {
  return startSandbox({ dataFolder, onDeath: died });
}

function openServer(databaseUrl, sandbox) {
  const folders = [process.env.IDSYNC_ALLOWED_FOLDERS, path.join(dataFolder, 'files')].filter(Boolean);
  mkdirSync(path.join(dataFolder, 'files'), { recursive: true });
  const addresses = [process.env.IDSYNC_ALLOWED_ADDRESSES, sandbox && '127.0.0.1'].filter(Boolean);
  return startChild({
    name: 'The server',
    script: path.join(root, 'apps/server/src/main.ts'),
    logFile: path.join(dataFolder, 'server.log'),
    env: {
      DATABASE_URL: databaseUrl,
      IDSYNC_DATA: dataFolder,
      PORT: String(port),
      HOST: host,
      IDSYNC_ALLOWED_FOLDERS: folders.join(','),
      IDSYNC_ALLOWED_ADDRESSES: addresses.join(','),
      ...(sandbox && { IDSYNC_DEMO: '1', IDSYNC_SANDBOX: JSON.stringify(sandbox) }),
    },
    onDeath: died,
  });
}

function greet({ port: actual, email, password }, sandbox) {
  console.log(`\nIdentitySync Studio   http://localhost:${actual}`);
  console.log(`Sign in as            ${email}${password ? `   password ${password}` : ''}`);
  if (sandbox) console.log(`Sandbox               Gigya ${sandbox.gigya.url}   SFTP ${sandbox.sftp.host}:${sandbox.sftp.port}`);
  console.log(`Data                  ${dataFolder}\nStop with Ctrl-C.`);
}

function died(message) {
  if (ending) return;
  console.error(message);
  void end(1);
}

async function end(code) {
  if (ending) return;
  ending = true;
  await endChildren();
  for (const stop of steps) await stop().catch((error) => console.error(`The database could not be stopped: ${error.message}`));
  process.exit(code);
}

function isFree(wanted) {
  return new Promise((resolve) => {
    const probe = net.createServer().once('error', () => resolve(false));
    probe.listen(wanted, host, () => probe.close(() => resolve(true)));
  });
}
