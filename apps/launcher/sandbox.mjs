// The demo's stand-in servers. Their ports are kept in the data folder, so that a second start uses the same.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { startChild } from './children.mjs';
import { root } from './install.mjs';

const usual = { gigya: 4010, sftp: 4022, smtp: 4025, platforms: 4030 };

/** Starts the sandbox and resolves to where it listens and who may sign in there, as the server's IDSYNC_SANDBOX wants it. */
export async function startSandbox({ dataFolder, onDeath }) {
  const ports = await choosePorts(path.join(dataFolder, 'sandbox-ports.json'));
  const ready = await startChild({
    name: 'The sandbox',
    script: path.join(root, 'apps/sandbox/src/main.ts'),
    args: [
      ...Object.entries(ports).flatMap(([name, port]) => [`--${name}-port`, String(port)]),
      '--data',
      path.join(dataFolder, 'sandbox'),
    ],
    logFile: path.join(dataFolder, 'sandbox.log'),
    onDeath,
  });
  const { demoSite, demoSftp } = await import('../sandbox/src/demo.ts');
  const { username, password } = demoSftp;
  return { gigya: { url: ready.gigya.url, site: demoSite }, sftp: { host: ready.sftp.host, port: ready.sftp.port, username, password } };
}

async function choosePorts(file) {
  const wanted = { ...usual, ...(existsSync(file) && JSON.parse(readFileSync(file, 'utf8'))) };
  const chosen = {};
  for (const [name, port] of Object.entries(wanted)) chosen[name] = (await open(port)) ?? (await open(0));
  writeFileSync(file, JSON.stringify(chosen));
  return chosen;
}

/** The port when it is free, any free one for 0, undefined when it is taken. */
function open(port) {
  return new Promise((resolve) => {
    const probe = net.createServer().once('error', () => resolve(undefined));
    probe.listen(port, '127.0.0.1', () => {
      const { port: actual } = probe.address();
      probe.close(() => resolve(actual));
    });
  });
}
