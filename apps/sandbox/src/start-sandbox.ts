import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { demoSftp } from './demo.ts';
import { type GigyaServer, startGigya } from './gigya/start-gigya.ts';
import { allPlatforms } from './platforms/all-platforms.ts';
import { silverpopWith } from './platforms/silverpop/silverpop.ts';
import { type PlatformsServer, startPlatforms } from './platforms/start-platforms.ts';
import { type SftpServer, startSftp } from './sftp/start-sftp.ts';
import { mailsDoor, sftpFaultsDoor } from './side-doors.ts';
import { type SmtpServer, startSmtp } from './smtp/start-smtp.ts';

export interface SandboxOptions {
  gigyaPort?: number;
  sftpPort?: number;
  smtpPort?: number;
  platformsPort?: number;
  /** Keeps accounts changed, files uploaded and mails caught over restarts. */
  dataFolder: string;
  /** Size of the generated population, 10,000 by default. */
  accounts?: number;
  /** The Gigya site's rate limit, 100 calls a second by default. */
  callsPerSecond?: number;
}

export interface Sandbox {
  gigya: GigyaServer;
  sftp: SftpServer;
  smtp: SmtpServer;
  /** The ESPs, CRMs and DMPs, each below its name on one port. */
  platforms: PlatformsServer<(typeof allPlatforms)[number]['name'] | 'silverpop'>;
  /** Stops all servers and drops their connections. */
  stop(): Promise<void>;
}

/** Starts the demo's servers with the credentials of demoSite and demoSftp. When one cannot start, none stays up. */
export async function startSandbox({
  gigyaPort = 4010,
  sftpPort = 4022,
  smtpPort = 4025,
  platformsPort = 4030,
  dataFolder,
  accounts = 10_000,
  callsPerSecond = 100,
}: SandboxOptions): Promise<Sandbox> {
  const remote = join(dataFolder, 'sftp');
  for (const folder of demoSftp.folders) mkdirSync(join(remote, folder), { recursive: true });
  const users = [{ username: demoSftp.username, password: demoSftp.password }];
  const started: { stop(): Promise<void> }[] = [];
  const up = async <Server extends { stop(): Promise<void> }>(starting: Promise<Server>): Promise<Server> => {
    const server = await starting;
    started.push(server);
    return server;
  };
  const stop = async (): Promise<void> => {
    await Promise.all(started.map((server) => server.stop()));
  };
  try {
    const sftp = await up(startSftp({ port: sftpPort, folder: remote, users }));
    const smtp = await up(startSmtp({ port: smtpPort, folder: join(dataFolder, 'mail') }));
    const platforms = await up(startPlatforms([...allPlatforms, silverpopWith({ folder: remote })], { port: platformsPort }));
    const sideDoors = { 'sftp-faults': sftpFaultsDoor(sftp), mails: mailsDoor(smtp) };
    const gigya = await up(
      startGigya({ port: gigyaPort, accounts, rate: { callsPerSecond }, dataFile: join(dataFolder, 'gigya.ndjson'), sideDoors }),
    );
    return { gigya, sftp, smtp, platforms, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
