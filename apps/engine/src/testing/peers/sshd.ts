import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { makeLocalUser } from './local-user.ts';
import { startPeer } from './peer-process.ts';
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
  const user =
    process.getuid?.() === 0
      ? await makeLocalUser(folder, '/usr/sbin/nologin')
      : { username: userInfo().username, password: undefined, remove: async () => {} };
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true });
  const passphrase = 'open sesame';
  const plain = sshKeyPair();
  const guarded = sshKeyPair({ passphrase, cipher: 'aes256-ctr', rounds: 16 });
  writeFileSync(path.join(base, 'authorized_keys'), `${plain.public}\n${guarded.public}\n`);
  writeFileSync(path.join(base, 'host'), sshKeyPair().private, { mode: 0o600 });
  const config = path.join(base, 'sshd_config');
  const server = await startPeer('sshd', (port) => {
    writeFileSync(config, configText({ port, base, folder, username: user.username }));
    return { program, args: ['-D', '-e', '-f', config] };
  });
  return {
    host: '127.0.0.1',
    port: server.port,
    username: user.username,
    password: user.password,
    plainKey: plain.private,
    protectedKey: { text: guarded.private, passphrase },
    folder,
    killSessions: server.killSessions,
    stop: async () => {
      await server.stop();
      await user.remove();
      rmSync(base, { recursive: true, force: true });
    },
  };
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
