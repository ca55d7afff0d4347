import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { selfSigned } from './certificate.ts';
import { makeLocalUser } from './local-user.ts';
import { startPeer } from './peer-process.ts';

export interface VsftpdOptions {
  security?: 'none' | 'explicit' | 'implicit';
  /** Its certificate ended years ago. */
  expired?: boolean;
  /** Writes beyond this size fail, as on a full disk. */
  largestFileBytes?: number;
}

/** The FTP server of many distributions on a free port of 127.0.0.1, over a folder of its own, with one user. */
export interface Vsftpd {
  host: string;
  port: number;
  username: string;
  password: string;
  /** Where the user lands, seen from this machine. */
  folder: string;
  /** PEM and fingerprint of its self-signed certificate. */
  certificate: string;
  certificateSha256: string;
  /** Ends every session at once, as a crash would; the port stays open. */
  killSessions(): void;
  stop(): Promise<void>;
}

const program = '/usr/sbin/vsftpd';

/** Why tests against vsftpd cannot run here; undefined when they can. On CI they run, and so fail, in any case. */
export const vsftpdMissing: string | undefined = process.env.CI
  ? undefined
  : !existsSync(program)
    ? 'vsftpd is not installed'
    : process.getuid?.() !== 0
      ? 'vsftpd needs root'
      : undefined;

export async function startVsftpd({ security = 'none', expired = false, largestFileBytes }: VsftpdOptions = {}): Promise<Vsftpd> {
  if (!existsSync(program)) throw new Error('vsftpd was not found; install vsftpd.');
  const base = mkdtempSync(path.join(tmpdir(), 'idsync-vsftpd-'));
  chmodSync(base, 0o755);
  const folder = path.join(base, 'files');
  for (const name of ['files', 'empty']) mkdirSync(path.join(base, name));
  const { certificate, key, sha256 } = selfSigned(path.join(base, 'tls'), { expired });
  writeFileSync(path.join(base, 'both.pem'), key + certificate, { mode: 0o600 });
  // PAM lets in only users whose shell is a listed one.
  const user = await makeLocalUser(folder, '/bin/sh');
  const config = path.join(base, 'vsftpd.conf');
  const server = await startPeer('vsftpd', (port) => {
    writeFileSync(config, configText({ port, base, security }));
    if (largestFileBytes === undefined) return { program, args: [config] };
    const blocks = Math.ceil(largestFileBytes / 512);
    return { program: '/bin/sh', args: ['-c', `trap '' XFSZ; ulimit -f ${blocks}; exec ${program} ${config}`] };
  });
  return {
    host: '127.0.0.1',
    port: server.port,
    username: user.username,
    password: user.password,
    folder,
    certificate,
    certificateSha256: sha256,
    killSessions: server.killSessions,
    stop: async () => {
      await server.stop();
      await user.remove();
      rmSync(base, { recursive: true, force: true });
    },
  };
}

const configText = ({ port, base, security }: { port: number; base: string; security: string }): string => `
listen=YES
listen_address=127.0.0.1
listen_port=${port}
background=NO
anonymous_enable=NO
local_enable=YES
write_enable=YES
local_umask=022
pasv_address=127.0.0.1
pam_service_name=vsftpd
secure_chroot_dir=${base}/empty
seccomp_sandbox=NO
isolate=NO
isolate_network=NO
delay_failed_login=0
max_login_fails=1
utf8_filesystem=YES
${security === 'none' ? '' : tlsText({ base, security })}`;

const tlsText = ({ base, security }: { base: string; security: string }): string => `
ssl_enable=YES
force_local_logins_ssl=YES
force_local_data_ssl=YES
require_ssl_reuse=YES
rsa_cert_file=${base}/both.pem
ssl_ciphers=HIGH
implicit_ssl=${security === 'implicit' ? 'YES' : 'NO'}
`;
