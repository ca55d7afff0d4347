import { connect, type Socket } from 'node:net';
import ssh2, { type Client, type SFTPWrapper } from 'ssh2';
import { CancelledError, FatalError } from '#dataflow';
import { checkLiteralAddress, guardedLookup, type NetworkContext } from '../network.ts';
import { credentialsOf } from './credentials.ts';
import { connectError, hostKeyError, loginError, timeoutError } from './errors.ts';
import { fingerprintOf, normalFingerprint } from './host-key.ts';
import type { SftpSettings } from './settings.ts';

/** A logged-in client with its SFTP channel. */
export interface SshLink {
  client: Client;
  sftp: SFTPWrapper;
}

/** Connects, checks the host key, logs in and opens the SFTP channel, all within the timeout. */
export async function connectSftp(settings: SftpSettings, { access, signal, log }: NetworkContext): Promise<SshLink> {
  const credentials = credentialsOf(settings);
  checkLiteralAddress(access, settings.host);
  const client = new ssh2.Client();
  const socket = connect({ host: settings.host, port: settings.port, lookup: guardedLookup(access) });
  // An SSH packet that waits for the acknowledgement of the one before costs 40 ms each.
  socket.setNoDelay(true);
  const key = hostKeyCheck(settings);
  const { promise, resolve, reject } = Promise.withResolvers<SFTPWrapper>();
  const giveUp = () => reject(signal.aborted ? new CancelledError() : timeoutError(settings, 'SFTP connection'));
  const timer = setTimeout(giveUp, settings.timeoutMs);
  signal.addEventListener('abort', giveUp, { once: true });
  const fail = (thrown: unknown) => reject(key.refused ?? translate(thrown, settings));
  socket.once('error', fail);
  client.on('error', fail);
  const closed = () => fail(new Error('the server closed the connection before the login was complete'));
  client.once('close', closed);
  client.on('keyboard-interactive', (...[, , , prompts, finish]) => finish(prompts.map(() => settings.password ?? '')));
  client.once('ready', () => client.sftp((error, sftp) => (error ? reject(noSftp(error, settings)) : resolve(sftp))));
  socket.once('connect', () =>
    client.connect({
      sock: socket,
      ...credentials,
      tryKeyboard: settings.password !== undefined,
      hostVerifier: key.verify,
      readyTimeout: 0,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 4,
    }),
  );
  try {
    const sftp = await promise;
    if (settings.hostKeySha256 === undefined) {
      log.info(`The host key of ${settings.host} is SHA256:${key.offered}. Any key is accepted until hostKeySha256 names one.`);
    }
    return { client, sftp };
  } catch (thrown) {
    discard(client, socket);
    throw thrown;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
    socket.off('error', fail);
    client.off('close', closed);
  }
}

/** Drops a connection that is of no use; whatever it still has to say is not heard. */
function discard(client: Client, socket: Socket): void {
  socket.on('error', () => {});
  client.on('error', () => {});
  client.destroy();
  socket.destroy();
}

function hostKeyCheck(settings: SftpSettings) {
  const expected = settings.hostKeySha256 === undefined ? undefined : normalFingerprint(settings.hostKeySha256);
  const check = {
    offered: '',
    refused: undefined as FatalError | undefined,
    verify: (key: Buffer): boolean => {
      check.offered = fingerprintOf(key);
      if (expected !== undefined && check.offered !== expected) check.refused = hostKeyError(settings, check.offered);
      return check.refused === undefined;
    },
  };
  return check;
}

function translate(thrown: unknown, settings: SftpSettings): Error {
  if (thrown instanceof FatalError) return thrown;
  const { level } = thrown as { level?: unknown };
  if (level === 'client-authentication') return loginError(settings, (thrown as Error).message.toLowerCase(), thrown);
  if (level === 'client-timeout') return timeoutError(settings, 'SFTP connection');
  return connectError(thrown, settings);
}

const noSftp = (error: Error, settings: SftpSettings): FatalError =>
  new FatalError(
    `The SSH server ${settings.host}:${settings.port} lets ${settings.username} in but offers no SFTP: ${error.message}. Ask its operator for SFTP access.`,
    { code: 'connectionFailed', cause: error },
  );
