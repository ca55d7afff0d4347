import { posix } from 'node:path';
import { CancelledError, retriedRead } from '#dataflow';
import type { NetworkContext } from '../network.ts';
import { plainPath } from '../remote-name.ts';
import { connectFtp, type FtpLink } from './connect.ts';
import { ftpError } from './errors.ts';
import type { FtpSettings } from './settings.ts';

/** How long tidying up after a failure may take. */
const TIDY_MS = 5000;

/** A client at work and the absolute form of paths there. */
export interface FtpPlace extends FtpLink {
  at(path: string): string;
}

/** A way to an FTP server that is opened anew when the server closed it. One act at a time, as the protocol has it. */
export class FtpLine {
  readonly settings: FtpSettings;
  readonly #context: NetworkContext;
  #link: FtpLink;

  private constructor(settings: FtpSettings, context: NetworkContext, link: FtpLink) {
    this.settings = settings;
    this.#context = context;
    this.#link = link;
    context.signal.addEventListener('abort', this.#stop, { once: true });
  }

  static async open(settings: FtpSettings, context: NetworkContext): Promise<FtpLine> {
    return new FtpLine(settings, context, await connectFtp(settings, context));
  }

  get signal(): AbortSignal {
    return this.#context.signal;
  }

  get log(): NetworkContext['log'] {
    return this.#context.log;
  }

  /** One act over a connection that stands when it begins. */
  async once<T>(doing: string, act: (place: FtpPlace) => Promise<T>): Promise<T> {
    if (this.signal.aborted) throw new CancelledError();
    const place = await this.#place(this.#context);
    return act(place).catch((thrown) => {
      throw this.error(thrown, doing);
    });
  }

  /** One act that may be made again when the connection is lost. */
  repeated<T>(doing: string, act: (place: FtpPlace) => Promise<T>): Promise<T> {
    return retriedRead(() => this.once(doing, act), this.#context);
  }

  /** An act after a failure, also when the job was stopped; what becomes of it is not told. */
  async tidy(act: (place: FtpPlace) => Promise<unknown>): Promise<void> {
    try {
      const place = await this.#place({ ...this.#context, signal: AbortSignal.timeout(TIDY_MS) });
      await act(place);
    } catch {
      // The failure before it is what counts.
    }
  }

  error(thrown: unknown, doing: string): Error {
    return ftpError(thrown, { settings: this.settings, doing, signal: this.signal });
  }

  /** Ends a transfer under way: the protocol has no other sure way. The next act connects anew. */
  cut(): void {
    this.#link.client.close();
  }

  close(): void {
    this.signal.removeEventListener('abort', this.#stop);
    this.#link.client.close();
  }

  readonly #stop = (): void => this.cut();

  async #place(context: NetworkContext): Promise<FtpPlace> {
    if (this.#link.client.closed) {
      this.#link = await connectFtp(this.settings, context);
      context.log.info(`The connection to ${this.settings.host} was closed and has been opened again.`);
    }
    const { home } = this.#link;
    return { ...this.#link, at: (path) => posix.resolve(home, plainPath(path) || '.') };
  }
}
