import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import express, { type NextFunction, type Request, type Response } from 'express';
import { answerControl, type SideDoor } from '../gigya/control.ts';
import { PlatformFaults, parsePlatformFaults } from './faults.ts';
import type { Platform, RunningPlatform } from './platform.ts';
import { type RecordedRequest, RequestLog } from './recorded-request.ts';

export interface PlatformsOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  clock?: () => number;
}

/** One platform on the server. */
export interface PlatformServer {
  /** Its base address: `http://127.0.0.1:4030/mailchimp`. */
  url: string;
  faults: PlatformFaults;
  /** Requests so far, oldest first, the last thousand. */
  requests: readonly RecordedRequest[];
  requestCount(): number;
  state: RunningPlatform['state'];
  /** Forgets state, faults and requests. */
  reset(): void;
}

export interface PlatformsServer<Name extends string> {
  port: number;
  url: string;
  platforms: Record<Name, PlatformServer>;
  stop(): Promise<void>;
}

/**
 * Starts stand-ins on one port of 127.0.0.1, each below its name. `/_sandbox/<name>-faults` sets faults, `-state` shows what it
 * holds, `-requests` what it was asked.
 */
export async function startPlatforms<Name extends string>(
  all: readonly (Platform & { name: Name })[],
  { port: wanted = 0, clock = Date.now }: PlatformsOptions = {},
): Promise<PlatformsServer<Name>> {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  const doors: Record<string, SideDoor> = {};
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/_sandbox/')) void answerControl(request, response, doors);
    else app(request, response);
  });
  const origin = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const running = all.map((platform) => {
    const url = () => `${origin()}/${platform.name}`;
    const place = { name: platform.name, url, faults: new PlatformFaults(), log: new RequestLog(), ...platform.start({ clock, url }) };
    app.use(`/${platform.name}`, meetFaults(place), place.router);
    Object.assign(doors, doorsOf(place));
    return place;
  });
  app.use((_request: Request, response: Response) => void response.status(404).json({ error: 'There is no such platform here' }));
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wanted, '127.0.0.1', resolve);
  });
  const platforms = Object.fromEntries(running.map((place) => [place.name, serverOf(place)])) as Record<Name, PlatformServer>;
  return {
    port: (server.address() as AddressInfo).port,
    url: origin(),
    platforms,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Place extends RunningPlatform {
  name: string;
  url(): string;
  faults: PlatformFaults;
  log: RequestLog;
}

const meetFaults =
  ({ faults, log }: Place) =>
  async (request: Request, response: Response, next: NextFunction): Promise<void> => {
    log.record(request, request.url);
    const fault = faults.meet({ method: request.method, path: request.url });
    if (!fault) return next();
    if (fault.delayMs !== undefined) await wait(fault.delayMs, undefined, { ref: false });
    if (fault.cut === 'before') return void request.socket.destroy();
    if (fault.cut === 'after') cutAnswer(request, response);
    else if (fault.status !== undefined) return answerFault(response, fault);
    next();
  };

function answerFault(
  response: Response,
  { status = 500, body, retryAfter }: { status?: number; body?: string; retryAfter?: number },
): void {
  if (retryAfter !== undefined) response.setHeader('Retry-After', String(retryAfter));
  response.status(status).type(body?.startsWith('<') ? 'text/xml' : 'application/json');
  response.send(body ?? '{}');
}

/** The request is handled to its end, and nobody hears of it. */
function cutAnswer(request: IncomingMessage, response: ServerResponse): void {
  response.write = () => true;
  response.end = () => {
    request.socket.destroy();
    return response;
  };
}

const serverOf = ({ url, faults, log, state, reset }: Place): PlatformServer => ({
  url: url(),
  faults,
  requests: log.requests,
  requestCount: () => log.count,
  state,
  reset: () => {
    faults.clear();
    log.clear();
    reset();
  },
});

const doorsOf = ({ name, faults, log, state, reset }: Place): Record<string, SideDoor> => ({
  [`${name}-faults`]: {
    show: () => ({ faults: faults.list().map(({ fault, hits }) => ({ ...fault, hits })) }),
    set: (value) => faults.set(...parsePlatformFaults(value)),
    clear: () => faults.clear(),
  },
  [`${name}-state`]: { show: () => ({ requests: log.count, ...state() }), clear: reset },
  [`${name}-requests`]: { show: () => ({ requests: log.requests.map((request) => ({ ...request })) }), clear: () => log.clear() },
});
