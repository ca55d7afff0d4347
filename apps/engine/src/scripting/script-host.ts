import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { FatalError } from '#dataflow';
import { type Frame, onFrame, writeFrame } from './host/frames.ts';
import { frameDescriptor, type HostReply, type HostRequest } from './host/protocol.ts';

const mainPath = fileURLToPath(new URL('./host/main.ts', import.meta.url));

/**
 * `--no-node-snapshot` is what isolated-vm asks for. Records live for one batch only, so a small young generation is enough. The permission flags are a second wall behind the isolate: should code ever get
 * out of it, it can start no process and no thread, and write no file.
 */
const execArgv = ['--no-node-snapshot', '--max-semi-space-size=2', '--no-warnings', '--permission', '--allow-addons', '--allow-fs-read=*'];

/** How a session hears from the process it shares. */
export interface HostListener {
  onReply(reply: HostReply, body: Uint8Array): void;
  onEnd(error: Error): void;
}

/** The script process of one job, shared by its script steps; started with the first, ended with the last. */
export class ScriptHost {
  static readonly #hosts = new Map<string, ScriptHost>();
  static #sessions = 0;

  readonly #jobId: string;
  readonly #child: ChildProcess;
  readonly #pipe: Duplex;
  readonly #listeners = new Map<number, HostListener>();
  #errorTail = '';
  #reason: Error | undefined;

  /** Joins the job's process, or starts it. */
  static join(jobId: string, listener: HostListener): { host: ScriptHost; session: number } {
    let host = ScriptHost.#hosts.get(jobId);
    if (!host) {
      host = new ScriptHost(jobId);
      ScriptHost.#hosts.set(jobId, host);
    }
    const session = ++ScriptHost.#sessions;
    host.#listeners.set(session, listener);
    return { host, session };
  }

  private constructor(jobId: string) {
    this.#jobId = jobId;
    this.#child = spawn(process.execPath, [...execArgv, mainPath], { env: {}, stdio: ['ignore', 'ignore', 'pipe', 'pipe'] });
    this.#pipe = this.#child.stdio[frameDescriptor] as Duplex;
    onFrame(this.#pipe, ({ head, body }: Frame<HostReply>) => this.#listeners.get(head.session)?.onReply(head, body));
    // A pipe breaks with the process at its end, and 'exit' tells of that.
    this.#pipe.on('error', () => undefined);
    this.#child.on('error', (error) =>
      this.#end(new FatalError(`The script process could not be started: ${error.message}.`, { code: 'internal', cause: error })),
    );
    this.#child.on('exit', (code, signal) => this.#end(this.#reason ?? this.#exitError(code, signal)));
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#errorTail = (this.#errorTail + text).slice(-500);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(request: HostRequest, ...body: Uint8Array[]): void {
    if (this.#pipe.writable) writeFrame(this.#pipe, request, ...body);
  }

  /** Leaves the process; the last one out ends it. Resolves when nothing of the session runs any more. */
  async leave(session: number): Promise<void> {
    if (!this.#listeners.delete(session)) return;
    if (this.#listeners.size > 0) {
      this.send({ type: 'close', session });
      return;
    }
    this.#forget();
    await this.kill();
  }

  /** Ends the process and with it every session on it. */
  async kill(reason?: Error): Promise<void> {
    this.#reason ??= reason;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  #forget(): void {
    if (ScriptHost.#hosts.get(this.#jobId) === this) ScriptHost.#hosts.delete(this.#jobId);
  }

  #end(error: Error): void {
    this.#forget();
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of listeners) listener.onEnd(error);
  }

  #exitError(code: number | null, signal: string | null): Error {
    if (signal === 'SIGKILL' || signal === 'SIGABRT' || signal === 'SIGTRAP') {
      return new FatalError('The script process ran out of memory and was ended. Keep less between records, or build smaller values.', {
        code: 'scriptLimit',
      });
    }
    return new FatalError(`The script process ended unexpectedly (code ${code ?? signal}). ${this.#errorTail.trim()}`.trim(), {
      code: 'internal',
    });
  }
}
