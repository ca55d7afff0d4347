import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';

export interface PeerProcess {
  port: number;
  pid: number;
  /** Ends every process it made, as a crash of the sessions would; it itself goes on. */
  killSessions(): void;
  stop(): Promise<void>;
}

/** Starts a server on a free port of 127.0.0.1 and waits until it listens. */
export async function startPeer(name: string, commandOf: (port: number) => { program: string; args: string[] }): Promise<PeerProcess> {
  for (let tries = 0; ; tries++) {
    const port = await freePort();
    const { program, args } = commandOf(port);
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data) => {
        if (said.length < 10_000) said += data;
      });
    }
    const exited = once(child, 'exit').catch((thrown) => {
      said += String(thrown);
    });
    if (await answers(port, () => child.exitCode === null && child.signalCode === null && child.pid !== undefined)) {
      const pid = child.pid ?? 0;
      const stop = async () => {
        killDescendants(pid);
        child.kill();
        await exited;
      };
      return { port, pid, killSessions: () => killDescendants(pid), stop };
    }
    // Somebody else took the port in between.
    if (tries === 4) throw new Error(`${name} did not start: ${said}`);
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** True once something listens; false when the process is gone before. */
async function answers(port: number, alive: () => boolean): Promise<boolean> {
  while (alive()) {
    const socket = connect(port, '127.0.0.1');
    const connected = await once(socket, 'connect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (connected) return alive();
  }
  return false;
}

function killDescendants(pid: number): void {
  const processes = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const kill = (parent: number) => {
    for (const [child = 0, ppid] of processes) {
      if (ppid !== parent) continue;
      kill(child);
      try {
        process.kill(child, 'SIGKILL');
      } catch {
        // Ended by itself meanwhile.
      }
    }
  };
  kill(pid);
}
