import { retriedRead } from '#dataflow';
import type { NetworkContext } from '../network.ts';
import { connectSftp } from './connect.ts';
import { SftpSession } from './session.ts';
import type { SftpSettings } from './settings.ts';

/** How long tidying up after a failure may take. */
const TIDY_MS = 5000;

/** A way to an SFTP server that is opened anew when the connection died, to the same host key as before. */
export class SftpLine {
  readonly settings: SftpSettings;
  readonly context: NetworkContext;
  #session: SftpSession;

  private constructor(settings: SftpSettings, context: NetworkContext, session: SftpSession) {
    this.settings = settings;
    this.context = context;
    this.#session = session;
  }

  static async open(settings: SftpSettings, context: NetworkContext): Promise<SftpLine> {
    const session = new SftpSession(await connectSftp(settings, context), settings, context.signal);
    return new SftpLine(settings, context, session);
  }

  /** The session at work; a new one when it died. */
  async session(context = this.context): Promise<SftpSession> {
    if (!this.#session.isDead) return this.#session;
    const dead = this.#session;
    const settings = { ...this.settings, hostKeySha256: dead.hostKeySha256 };
    this.#session = new SftpSession(await connectSftp(settings, context), this.settings, this.context.signal);
    await dead.close();
    context.log.info(`The connection to ${settings.host} was closed and has been opened again.`);
    return this.#session;
  }

  /** An act that may be made again when the connection is lost. */
  repeated<T>(act: (session: SftpSession) => Promise<T>): Promise<T> {
    return retriedRead(async () => act(await this.session()), this.context);
  }

  /** An act after a failure, also when the job was stopped; what becomes of it is not told. */
  async tidy(act: (session: SftpSession) => Promise<unknown>): Promise<void> {
    try {
      await act(await this.session({ ...this.context, signal: AbortSignal.timeout(TIDY_MS) }));
    } catch {
      // The failure before it is what counts.
    }
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}
