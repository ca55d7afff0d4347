import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { sshKeyPair } from './ssh-key.ts';

/** OpenSSH's server on a free port of 127.0.0.1, over a folder of its own, with one user. */
export interface Sshd {
  host: string;
  port: number;
  username: string;
  /** Undefined when the tests do not run as root: only root may make a user with a password. */
  password: string | undefined;
  /** ed25519 keys that log in, in OpenSSH form. */
  plainKey: string;
  protectedKey: { text: string; passphrase: string };
  /** Where the user lands, seen from this machine. */
  folder: string;
  /** Ends every session at once, as a crash would; the port stays open. */
  killSessions(): void;
  stop(): Promise<void>;
}

const program = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/opt/homebrew/sbin/sshd'].find((file) => existsSync(file));

/** Why tests against sshd cannot run here; undefined when they can. On CI they run, and so fail, in any case. */
export const sshdMissing: string | undefined =
  program === undefined && !process.env.CI ? 'sshd is not installed (openssh-server)' : undefined;

export async function startSshd(): Promise<Sshd> {
  if (program === undefined) throw new Error('sshd was not found; install openssh-server.');
  const base = mkdtempSync(path.join(tmpdir(), 'idsync-sshd-'));
  chmodSync(base, 0o755);
  const folder = path.join(base, 'files');
  mkdirSync(folder);
  const user = process.getuid?.() === 0 ? makeUser(folder) : { username: userInfo().username, password: undefined, remove: () => {} };
  const passphrase = 'open sesame';
  const plain = sshKeyPair();
  const guarded = sshKeyPair({ passphrase, cipher: 'aes256-ctr', rounds: 16 });
  writeFileSync(path.join(base, 'authorized_keys'), `${plain.public}\n${guarded.public}\n`);
  writeFileSync(path.join(base, 'host'), sshKeyPair().private, { mode: 0o600 });
  const server = await listen(base, { folder, username: user.username });
  return {
    host: '127.0.0.1',
    port: server.port,
    username: user.username,
    password: user.password,
    plainKey: plain.private,
    protectedKey: { text: guarded.private, passphrase },
    folder,
    killSessions: () => killDescendants(server.pid),
    stop: async () => {
      killDescendants(server.pid);
      await server.stop();
      user.remove();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

/** A user that can do nothing but SFTP, gone again when the server stops. */
function makeUser(folder: string) {
  const username = `idsync${randomBytes(4).toString('hex')}`;
  const password = randomBytes(9).toString('base64url');
  execFileSync('/usr/sbin/useradd', ['-M', '-d', folder, '-s', '/usr/sbin/nologin', username], { stdio: 'pipe' });
  execFileSync('/usr/sbin/chpasswd', { input: `${username}:${password}\n`, stdio: 'pipe' });
  execFileSync('chown', [username, folder]);
  mkdirSync('/run/sshd', { recursive: true });
  return { username, password, remove: () => execFileSync('/usr/sbin/userdel', [username], { stdio: 'pipe' }) };
}

async function listen(base: string, { folder, username }: { folder: string; username: string }) {
  for (let tries = 0; ; tries++) {
    const port = await freePort();
    const config = path.join(base, 'sshd_config');
    writeFileSync(config, configText({ port, base, folder, username }));
    const child = spawn(program ?? '', ['-D', '-e', '-f', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    let said = '';
    child.stderr.on('data', (data) => {
      said += data;
    });
    const exited = once(child, 'exit');
    if (await answers(port, () => child.exitCode === null)) {
      const stop = async () => {
        child.kill();
        await exited;
      };
      return { port, pid: child.pid ?? 0, stop };
    }
    // Somebody else took the port in between.
    if (tries === 4) throw new Error(`sshd did not start: ${said}`);
  }
}

const configText = ({ port, base, folder, username }: { port: number; base: string; folder: string; username: string }): string => `
Port ${port}
ListenAddress 127.0.0.1
HostKey ${base}/host
PidFile ${base}/sshd.pid
UsePAM no
StrictModes no
PasswordAuthentication yes
KbdInteractiveAuthentication no
AuthorizedKeysFile ${base}/authorized_keys
Subsystem sftp internal-sftp
ForceCommand internal-sftp -d ${folder}
AllowUsers ${username}
MaxStartups 100
MaxAuthTries 20
`;

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
