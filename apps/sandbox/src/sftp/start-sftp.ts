import { mkdirSync } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { resolve } from 'node:path';
import ssh2 from 'ssh2';
import { SftpFaults } from './faults.ts';
import { fingerprint, keptHostKey } from './host-key.ts';
import { RootedFolder } from './rooted-folder.ts';
import { serveClient } from './serve-client.ts';
import { loginCheck, type SftpUser } from './users.ts';

export interface SftpOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** What clients see as `/`; made when missing. */
  folder: string;
  users: readonly SftpUser[];
  /** PEM or OpenSSH private key. Without it one is made once and kept beside the folder, as `<folder>.host-key`. */
  hostKey?: string;
}

export interface SftpServer {
  host: string;
  port: number;
  /** base64 SHA-256 of the host key without padding. */
  hostKeySha256: string;
  folder: string;
  faults: SftpFaults;
  /** Closes the port and drops every connection. */
  stop(): Promise<void>;
}

/** Starts an SFTP server on 127.0.0.1 over a folder on disk. */
export async function startSftp({ port = 0, folder, users, hostKey }: SftpOptions): Promise<SftpServer> {
  mkdirSync(folder, { recursive: true });
  const key = hostKey ?? keptHostKey(`${resolve(folder)}.host-key`);
  const root = new RootedFolder(folder);
  const faults = new SftpFaults();
  const mayLogIn = loginCheck(users);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    const session = { folder: root, faults, mayLogIn, cut: () => socket.destroy() };
    // One ssh2 server for each connection: only so the socket, which a fault must be able to destroy, is known.
    new ssh2.Server({ hostKeys: [key] }, (client) => serveClient(client, session)).injectSocket(socket);
  });
  await new Promise<void>((listening, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', listening);
  });
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    hostKeySha256: fingerprint(key),
    folder,
    faults,
    stop: async () => {
      const closed = new Promise<void>((done) => server.close(() => done()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
