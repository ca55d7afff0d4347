import type { Client, SFTPWrapper } from 'ssh2';
import { CancelledError } from '#dataflow';
import type { SshLink } from './connect.ts';
import { lostError, statusError, timeoutError } from './errors.ts';
import type { SftpSettings } from './settings.ts';

type Done<T> = (error: Error | null | undefined, value?: T) => void;

interface Pending {
  doing: string;
  always: boolean;
  reject(error: Error): void;
}

export interface RequestOptions<T> {
  /** For the error text, e.g. `Writing /out/a.csv`. */
  doing: string;
  send(sftp: SFTPWrapper, done: Done<T>): void;
  /** Also after the job was stopped: for tidying up. */
  always?: boolean;
}

/**
 * One SFTP connection at work. Every request ends: with its answer, with the server's refusal, when nothing was heard for
 * the timeout, when the connection dies, or when the job is stopped. After a death every further request fails at once.
 */
export class SftpSession {
  readonly settings: SftpSettings;
  readonly #client: Client;
  readonly #sftp: SFTPWrapper;
  readonly #signal: AbortSignal;
  readonly #pending = new Set<Pending>();
  readonly #silence: NodeJS.Timeout;
  readonly #closed = Promise.withResolvers<void>();
  #death: { thrown: unknown; timeout: boolean } | undefined;

  constructor({ client, sftp }: SshLink, settings: SftpSettings, signal: AbortSignal) {
    this.settings = settings;
    this.#client = client;
    this.#sftp = sftp;
    this.#signal = signal;
    this.#silence = setTimeout(() => this.#pending.size > 0 && this.#die(undefined, true), settings.timeoutMs).unref();
    signal.addEventListener('abort', this.#stop, { once: true });
    client.on('error', (thrown) => this.#die(thrown));
    sftp.on('error', (thrown: unknown) => this.#die(thrown));
    sftp.on('close', () => this.#die(undefined));
    client.on('close', () => {
      this.#die(undefined);
      this.#closed.resolve();
    });
  }

  request<T = void>({ doing, send, always = false }: RequestOptions<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      if (this.#death) return reject(this.#deathError(doing));
      if (this.#signal.aborted && !always) return reject(new CancelledError());
      const pending = { doing, always, reject };
      this.#silence.refresh();
      this.#pending.add(pending);
      const done: Done<T> = (error, value) => {
        // The library answers what is open on a dead connection itself, without a status of the protocol.
        if (error && typeof (error as { code?: unknown }).code !== 'number') return this.#die(undefined);
        if (!this.#pending.delete(pending)) return;
        this.#silence.refresh();
        if (error) reject(statusError(this.settings, { doing, thrown: error }));
        else resolve(value as T);
      };
      try {
        send(this.#sftp, done);
      } catch (thrown) {
        this.#pending.delete(pending);
        reject(thrown);
      }
    });
  }

  /** Says goodbye, waits for the server to do the same for a moment, then leaves. */
  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#stop);
    clearTimeout(this.#silence);
    const alive = this.#death === undefined;
    this.#death ??= { thrown: undefined, timeout: false };
    if (alive) this.#client.end();
    const patience = setTimeout(() => this.#client.destroy(), 2000);
    if (!alive) this.#client.destroy();
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
    this.#client.destroy();
  }

  #deathError(doing: string): Error {
    const { thrown, timeout } = this.#death ?? { thrown: undefined, timeout: false };
    return timeout ? timeoutError(this.settings, doing) : lostError(this.settings, { doing, thrown });
  }
}
