import { isIP, Socket, type TcpSocketConnectOpts } from 'node:net';
import { type ConnectionOptions, TLSSocket } from 'node:tls';
import { Client, enterPassiveModeIPv4, enterPassiveModeIPv6, type TransferStrategy } from 'basic-ftp';
import { type Access, CancelledError } from '#dataflow';
import { checkLiteralAddress, guardedLookup, type NetworkContext } from '../network.ts';
import { type FtpAttempt, ftpError, pinError, timeoutError } from './errors.ts';
import type { FtpSettings } from './settings.ts';

/** A logged-in client and the folder the server put the user in. */
export interface FtpLink {
  client: Client;
  home: string;
  /** Resolves when the data connection of the transfer under way is encrypted; at once where none is. */
  secured(): Promise<void>;
}

/** How long the control connection may lie idle, in a long transfer, before the system asks whether the other side is there. */
const KEEP_ALIVE_MS = 30_000;

/** Connects, encrypts as wanted, checks the certificate and logs in, all within the timeout. */
export async function connectFtp(settings: FtpSettings, { access, signal }: NetworkContext): Promise<FtpLink> {
  if (signal.aborted) throw new CancelledError();
  checkLiteralAddress(access, settings.host);
  const attempt: FtpAttempt = { settings, doing: 'FTP connection', signal, loggingIn: true };
  const client = new Client(settings.timeoutMs, { allowSeparateTransferHost: true });
  const { promise: gaveUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(timeoutError(attempt)), settings.timeoutMs);
  const stop = () => reject(new CancelledError());
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([logIn(client, attempt, access), gaveUp]);
  } catch (thrown) {
    client.close();
    throw ftpError(thrown, attempt);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

async function logIn(client: Client, attempt: FtpAttempt, access: Access): Promise<FtpLink> {
  const { host, port, security, username, password = '' } = attempt.settings;
  const control = guardSockets(client, access);
  const tls = tlsOptions(attempt.settings);
  if (security === 'implicit') await client.connectImplicitTLS(host, port, { ...tls, lookup: guardedLookup(access) });
  else await client.connect(host, port);
  control.address = client.ftp.socket.remoteAddress;
  client.ftp.socket.setKeepAlive(true, KEEP_ALIVE_MS);
  if (security === 'explicit') await client.useTLS(tls);
  checkPin(client.ftp.socket, attempt);
  const passive = passiveMode(attempt);
  client.prepareTransfer = passive.enter;
  await client.sendIgnoringError('OPTS UTF8 ON');
  await client.login(username, password);
  await client.useDefaultSettings();
  return { client, home: await client.pwd(), secured: passive.secured };
}

/**
 * Every socket the library makes resolves its host through the guard; once the control connection stands, all others go to the
 * same address, whatever a PASV answer names.
 */
function guardSockets(client: Client, access: Access): { address: string | undefined } {
  const control: { address: string | undefined } = { address: undefined };
  client.ftp._newSocket = () => {
    const socket = new Socket();
    const connect = socket.connect.bind(socket) as (options: TcpSocketConnectOpts, done?: () => void) => Socket;
    const guarded = (options: TcpSocketConnectOpts, done?: () => void) =>
      connect({ ...options, host: control.address ?? options.host ?? '', lookup: guardedLookup(access) }, done);
    socket.connect = guarded as Socket['connect'];
    return socket;
  };
  return control;
}

/** The host stands in the options so that data connections may resume the session: Node.js binds a session to it. */
function tlsOptions({ host, certificateAuthority, certificateSha256 }: FtpSettings): ConnectionOptions {
  return {
    host,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ...(certificateAuthority === undefined ? {} : { ca: certificateAuthority }),
    rejectUnauthorized: certificateSha256 === undefined,
  };
}

const hexOf = (fingerprint: string) => fingerprint.replaceAll(':', '').toUpperCase();

/** Throws when the other side shows another certificate than the pinned one. */
function checkPin(socket: Socket | TLSSocket, attempt: FtpAttempt): void {
  const { certificateSha256 } = attempt.settings;
  if (certificateSha256 === undefined || !(socket instanceof TLSSocket)) return;
  const offered = socket.getPeerCertificate().fingerprint256 ?? 'none';
  if (hexOf(offered) !== hexOf(certificateSha256)) throw pinError(offered, attempt);
}

/** EPSV, and PASV where the server does not know it. An encrypted data connection that resumes no session shows its certificate anew. */
function passiveMode(attempt: FtpAttempt): { enter: TransferStrategy; secured(): Promise<void> } {
  let known: TransferStrategy | undefined;
  let secured = Promise.resolve();
  const find: TransferStrategy = async (ftp) => {
    for (const mode of [enterPassiveModeIPv6, enterPassiveModeIPv4]) {
      try {
        const answer = await mode(ftp);
        known = mode;
        return answer;
      } catch (thrown) {
        if (ftp.closed || mode === enterPassiveModeIPv4) throw thrown;
      }
    }
    throw new Error('No passive mode was tried.');
  };
  const enter: TransferStrategy = async (ftp) => {
    const answer = await (known ?? find)(ftp);
    const { dataSocket } = ftp;
    secured = dataSocket instanceof TLSSocket ? shake(dataSocket, attempt, (fault) => ftp.closeWithError(fault)) : Promise.resolve();
    return answer;
  };
  return { enter, secured: () => secured };
}

/** Resolves with the handshake of a data connection, or when there is none any more. */
function shake(socket: TLSSocket, attempt: FtpAttempt, fail: (fault: Error) => void): Promise<void> {
  return new Promise((resolve) => {
    socket.once('close', resolve);
    socket.once('secureConnect', () => {
      try {
        if (!socket.isSessionReused()) checkPin(socket, attempt);
      } catch (thrown) {
        fail(thrown as Error);
      }
      resolve();
    });
  });
}
