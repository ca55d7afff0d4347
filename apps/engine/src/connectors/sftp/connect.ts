import { connect, type Socket } from 'node:net';
import type { SFTPWrapper } from 'ssh2';
import SftpClient from 'ssh2-sftp-client';
import { CancelledError, FatalError, isStudioError } from '#dataflow';
import { checkLiteralAddress, faultText, guardedLookup, type NetworkContext } from '../network.ts';
import { credentialsOf } from './credentials.ts';
import { connectError, hostKeyError, loginError, timeoutError } from './errors.ts';
import { fingerprintOf, normalFingerprint } from './host-key.ts';
import type { SftpSettings } from './settings.ts';

/** A logged-in client, the SFTP channel under it, and the socket under both. */
export interface SftpLink {
  client: SftpClient;
  sftp: SFTPWrapper;
  socket: Socket;
  /** SHA-256 of the host key that was shown. */
  hostKeySha256: string;
}

/** The library prints these events when it is not given listeners. They are heard from the SSH client instead, where none is left out. */
const unheard = { error: () => {}, end: () => {}, close: () => {} };

/** Connects, checks the host key, logs in and opens the SFTP channel, all within the timeout. */
export async function connectSftp(settings: SftpSettings, { access, signal, log }: NetworkContext): Promise<SftpLink> {
  if (signal.aborted) throw new CancelledError();
  const credentials = credentialsOf(settings);
  checkLiteralAddress(access, settings.host);
  const key = hostKeyCheck(settings);
  const client = new SftpClient('idsync', unheard);
  const socket = connect({ host: settings.host, port: settings.port, lookup: guardedLookup(access) });
  // An SSH packet that waits for the acknowledgement of the one before costs 40 ms each.
  socket.setNoDelay(true);
  const seen: Seen = { fault: undefined, loggedIn: false };
  const giveUp = () => {
    seen.fault ??= signal.aborted ? new CancelledError() : timeoutError(settings, 'SFTP connection');
    socket.destroy();
  };
  const timer = setTimeout(giveUp, settings.timeoutMs);
  signal.addEventListener('abort', giveUp, { once: true });
  // The library's own rejection keeps the text of an error only, not its kind.
  client.on('error', (thrown) => {
    seen.fault ??= thrown;
  });
  client.on('ready', () => {
    seen.loggedIn = true;
  });
  client.on('keyboard-interactive', (...[, , , prompts, finish]) => finish(prompts.map(() => settings.password ?? '')));
  try {
    const sftp = await client.connect({
      sock: socket,
      ...credentials,
      tryKeyboard: settings.password !== undefined,
      hostVerifier: key.verify,
      readyTimeout: 0,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 4,
    });
    if (settings.hostKeySha256 === undefined) {
      log.info(`The host key of ${settings.host} is SHA256:${key.offered}. Any key is accepted until hostKeySha256 names one.`);
    }
    return { client, sftp, socket, hostKeySha256: key.offered };
  } catch (thrown) {
    socket.destroy();
    throw key.refused ?? translate(thrown, seen, settings);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
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

/** What happened on the way to a connection, from the SSH client itself. */
interface Seen {
  fault: unknown;
  loggedIn: boolean;
}

function translate(thrown: unknown, { fault, loggedIn }: Seen, settings: SftpSettings): Error {
  if (isStudioError(fault)) return fault;
  if (fault === undefined) {
    return loggedIn
      ? noSftp(thrown, settings)
      : connectError(new Error('the server closed the connection before the login was complete'), settings);
  }
  const { level } = fault as { level?: unknown };
  if (level === 'client-authentication') return loginError(settings, { cause: (fault as Error).message.toLowerCase() }, fault);
  if (level === 'client-timeout') return timeoutError(settings, 'SFTP connection');
  return connectError(fault, settings);
}

const noSftp = (thrown: unknown, settings: SftpSettings): FatalError =>
  new FatalError(
    `The SSH server ${settings.host}:${settings.port} lets ${settings.username} in but offers no SFTP (${faultText(thrown)}). Ask its operator for SFTP access.`,
    { code: 'connectionFailed', cause: thrown },
  );
