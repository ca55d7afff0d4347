import { CancelledError, isStudioError } from '#dataflow';
import type { SftpLink } from './connect.ts';
import { lostError, silenceError, statusError, statusOf } from './errors.ts';
import type { SftpSettings } from './settings.ts';

interface Pending {
  doing: string;
  always: boolean;
  reject(error: Error): void;
}

export interface RequestOptions<T> {
  /** For the error text, e.g. `Writing /out/a.csv`. */
  doing: string;
  act(link: SftpLink): Promise<T>;
  /** Also after the job was stopped: for tidying up. */
  always?: boolean;
}

/** The answer to a request on the SFTP channel itself, where the library has none of its own. */
export const answerOf = <T = void>(send: (done: (error: Error | null | undefined, value?: T) => void) => void): Promise<T> =>
  new Promise((resolve, reject) => send((error, value) => (error ? reject(error) : resolve(value as T))));

/**
 * One SFTP connection at work. Every request ends: with its answer, with the server's refusal, when nothing was heard for
 * the timeout, when the connection dies, or when the job is stopped. A death is a RetryableError; after it every further request fails at once.
 */
export class SftpSession {
  readonly settings: SftpSettings;
  readonly #link: SftpLink;
  readonly #signal: AbortSignal;
  readonly #pending = new Set<Pending>();
  readonly #silence: NodeJS.Timeout;
  readonly #closed = Promise.withResolvers<void>();
  #death: { thrown: unknown; timeout: boolean } | undefined;

  constructor(link: SftpLink, settings: SftpSettings, signal: AbortSignal) {
    this.settings = settings;
    this.#link = link;
    this.#signal = signal;
    this.#silence = setTimeout(() => this.#pending.size > 0 && this.#die(undefined, true), settings.timeoutMs).unref();
    signal.addEventListener('abort', this.#stop, { once: true });
    link.client.on('error', (thrown) => this.#die(thrown));
    link.sftp.on('error', (thrown: unknown) => this.#die(thrown));
    link.sftp.on('close', () => this.#die(undefined));
    link.client.on('close', () => {
      this.#die(undefined);
      this.#closed.resolve();
    });
  }

  get isDead(): boolean {
    return this.#death !== undefined;
  }

  /** SHA-256 of the host key that was shown. */
  get hostKeySha256(): string {
    return this.#link.hostKeySha256;
  }

  async request<T = void>({ doing, act, always = false }: RequestOptions<T>): Promise<T> {
    if (this.#death) throw this.#deathError(doing);
    if (this.#signal.aborted && !always) throw new CancelledError();
    const { promise: ended, reject } = Promise.withResolvers<never>();
    const pending = { doing, always, reject };
    this.#silence.refresh();
    this.#pending.add(pending);
    try {
      const answer = await Promise.race([act(this.#link), ended]);
      this.#silence.refresh();
      return answer;
    } catch (thrown) {
      if (isStudioError(thrown)) throw thrown;
      // The libraries answer what is open on a dead connection themselves, without a status of the protocol.
      if (statusOf(thrown) === undefined) {
        this.#die(undefined);
        throw this.#deathError(doing);
      }
      this.#silence.refresh();
      throw statusError(this.settings, { doing, thrown });
    } finally {
      this.#pending.delete(pending);
    }
  }

  /** Says goodbye, waits for the server to do the same for a moment, then leaves. */
  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#stop);
    clearTimeout(this.#silence);
    const { client, socket } = this.#link;
    const patience = setTimeout(() => socket.destroy(), 2000);
    if (this.#death) socket.destroy();
    else {
      this.#death = { thrown: undefined, timeout: false };
      await client.end().catch(() => {});
    }
    await this.#closed.promise;
    clearTimeout(patience);
  }

  readonly #stop = (): void => {
    for (const pending of this.#pending) {
      if (pending.always) continue;
      this.#pending.delete(pending);
      pending.reject(new CancelledError());
    }
  };

  #die(thrown: unknown, timeout = false): void {
    if (this.#death) return;
    this.#death = { thrown, timeout };
    for (const { doing, reject } of this.#pending) reject(this.#deathError(doing));
    this.#pending.clear();
    this.#link.socket.destroy();
  }

  #deathError(doing: string): Error {
    const { thrown, timeout } = this.#death ?? { thrown: undefined, timeout: false };
    return timeout ? silenceError(this.settings, doing) : lostError(this.settings, { doing, thrown });
  }
}
