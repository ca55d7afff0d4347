import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';

export interface LocalUser {
  username: string;
  password: string;
  remove(): Promise<void>;
}

/** A user of this machine with a password, whose home is a folder that becomes theirs. Only root can make one. */
export async function makeLocalUser(folder: string, shell: string): Promise<LocalUser> {
  const username = `idsync${randomBytes(4).toString('hex')}`;
  const password = randomBytes(9).toString('base64url');
  await locked('/usr/sbin/useradd', ['-M', '-d', folder, '-s', shell, username]);
  await locked('/usr/sbin/chpasswd', [], `${username}:${password}\n`);
  execFileSync('chown', [username, folder]);
  return { username, password, remove: () => locked('/usr/sbin/userdel', [username]) };
}

/** Runs a command on the user table, which tests beside this one may hold, or a session that is ending may use, for a moment. */
async function locked(program: string, args: string[], input?: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      execFileSync(program, args, { stdio: 'pipe', ...(input === undefined ? {} : { input }) });
      return;
    } catch (thrown) {
      if (tries === 50 || !/lock|currently used/i.test(String((thrown as { stderr?: unknown }).stderr))) throw thrown;
      await setTimeout(100);
    }
  }
}
