import type { ContainerClient } from '@azure/storage-blob';
import { CancelledError, callRetries, type RetryPolicy, tellRetry, withRetries } from '#dataflow';
import type { NetworkContext } from '../network.ts';
import { azureError } from './errors.ts';

/** A container, or the one blob of it that a signature is for. */
export interface AzurePlace {
  container: ContainerClient;
  /** The only blob there is, for a signature of one blob. */
  only?: string;
  /** Letters of the rights a signature grants (`sp`); undefined for a key, which may do everything. */
  rights?: string | undefined;
}

/** The way to a container: where it is now, and how faults there are told. */
export interface AzureLine {
  context: NetworkContext;
  where: { host: string; container: string };
  login: 'key' | 'signature';
  /** The place; a signature near its end is renewed first. */
  place(): Promise<AzurePlace>;
  /** Forgets a signature that was refused; true when a new one may help. */
  renew(): boolean;
  refused(): unknown;
  [Symbol.asyncDispose](): Promise<void>;
}

export const faultOf = ({ context, where, login, refused }: AzureLine, thrown: unknown, doing: string): Error =>
  azureError(thrown, { doing, where, login, signal: context.signal, refused: refused() });

export interface AzureCall<T> {
  doing: string;
  act(place: AzurePlace): Promise<T>;
  policy?: RetryPolicy;
}

/** One call, made again when the fault passes, and once more with a new signature when the old one was refused. */
export async function call<T>(line: AzureLine, { doing, act, policy = callRetries }: AzureCall<T>): Promise<T> {
  const { signal, log } = line.context;
  const once = async () => {
    if (signal.aborted) throw new CancelledError();
    const place = await line.place();
    return act(place).catch((thrown: unknown) => {
      throw faultOf(line, thrown, doing);
    });
  };
  const attempt = () =>
    once().catch((thrown: unknown) => {
      if ((thrown as { details?: { status?: unknown } }).details?.status !== 403 || !line.renew()) throw thrown;
      return once();
    });
  return withRetries(attempt, { signal, policy, onRetry: tellRetry(log) });
}
