import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { type AnonymousCredential, newPipeline, type Pipeline, type StorageSharedKeyCredential } from '@azure/storage-blob';
import { checkLiteralAddress, guardedLookup, type NetworkContext } from '../network.ts';

/** How long a connection may be silent. */
const SILENCE_MS = 120_000;

/** What requests to Blob Storage go through: sockets of our own whose addresses are checked, no redirects, no repetition of its own; a stop ends each. */
export interface GuardedPipeline extends Disposable {
  pipelineFor(credential: StorageSharedKeyCredential | AnonymousCredential): Pipeline;
  /** Checks a host that is written as an address. */
  check(host: string): void;
  /** What the guard refused last. */
  refused(): unknown;
}

export function guardedPipeline({ access, signal }: Pick<NetworkContext, 'access' | 'signal'>): GuardedPipeline {
  let refused: unknown;
  const remembering = {
    ...access,
    address: (host: string, address: string) => {
      try {
        access.address(host, address);
      } catch (thrown) {
        refused = thrown;
        throw thrown;
      }
    },
  };
  const options = { keepAlive: true, lookup: guardedLookup(remembering), timeout: SILENCE_MS };
  const agents = { 'http:': new HttpAgent(options), 'https:': new HttpsAgent(options) };
  // Redirects are no part of the service. Repetition is ours, so that the trace tells it.
  const settings = { retryOptions: { maxTries: 1 }, redirectOptions: { maxRetries: 0 } };
  return {
    pipelineFor(credential) {
      const pipeline = newPipeline(credential, settings);
      pipeline.factories.push({
        create: (next) => ({
          sendRequest: (request) => {
            request.agent = agents[new URL(request.url).protocol === 'http:' ? 'http:' : 'https:'];
            request.timeout = SILENCE_MS;
            request.abortSignal ??= signal;
            return next.sendRequest(request);
          },
        }),
      });
      return pipeline;
    },
    check: (host) => checkLiteralAddress(remembering, host),
    refused: () => refused,
    [Symbol.dispose]: () => {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}
