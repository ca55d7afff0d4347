import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';

/** OpenStack Swift with its S3 interface on a free port of 127.0.0.1, over a folder of its own. It checks signatures, pages listings and joins parts. */
export interface SwiftS3 {
  endpoint: string;
  region: string;
  /** May do everything. */
  accessKey: string;
  secretKey: string;
  /** Logs in and may do nothing. */
  stranger: { accessKey: string; secretKey: string };
  stop(): Promise<void>;
}

/** Debian's own Python: the one its packages belong to. */
const python = '/usr/bin/python3';

const isInstalled = existsSync(python) && spawnSync(python, ['-c', 'import swift, xattr'], { stdio: 'ignore' }).status === 0;

/** Why tests against Swift cannot run here; undefined when they can. On CI they run, and so fail, in any case. */
export const swiftS3Missing: string | undefined =
  isInstalled || process.env.CI ? undefined : 'OpenStack Swift is not installed (python3-swift)';

/** Its one region is `eu-central-1` unless another is given: not the one clients ask first. */
export async function startSwiftS3({ region = 'eu-central-1' } = {}): Promise<SwiftS3> {
  if (!isInstalled) throw new Error('OpenStack Swift was not found; install python3-swift.');
  for (let tries = 0; ; tries++) {
    const base = mkdtempSync(path.join(tmpdir(), 'idsync-swift-'));
    const ports = await freePorts(4);
    const child = spawn(python, [path.join(import.meta.dirname, 'swift-s3.py'), base, region, ...ports.map(String)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (said += data));
    const stop = () => stopServer(child, base);
    if (await isServing(child, ports)) return { ...peerAt(ports), region, stop };
    await stop();
    // Somebody else took a port in between.
    if (tries === 3) throw new Error(`Swift did not start: ${said}`);
  }
}

const peerAt = ([port]: readonly number[]) => ({
  endpoint: `http://127.0.0.1:${port}`,
  accessKey: 'test:tester',
  secretKey: 'testing',
  stranger: { accessKey: 'test:stranger', secretKey: 'nothing' },
});

async function stopServer(child: ChildProcess, base: string): Promise<void> {
  const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
  // The end of its standard input is what it waits for; so it also ends when this process does.
  child.stdin?.end();
  await gone;
  rmSync(base, { recursive: true, force: true });
}

/** True once the proxy and those behind it answer; false when the process ends or two minutes go by before. */
async function isServing(child: ChildProcess, ports: readonly number[]): Promise<boolean> {
  const end = performance.now() + 110_000;
  while (child.exitCode === null && performance.now() < end) {
    const urls = ports.map((port) => `http://127.0.0.1:${port}/healthcheck`);
    const answers = await Promise.all(
      urls.map((url) =>
        fetch(url).then(
          (answer) => answer.text(),
          () => undefined,
        ),
      ),
    );
    if (answers.every((answer) => answer !== undefined)) return answers[0] === 'OK';
    await setTimeout(50);
  }
  return false;
}

async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as { port: number }).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}
