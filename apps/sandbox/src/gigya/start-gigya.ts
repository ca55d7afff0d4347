import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { demoSite } from '../demo.ts';
import type { Account } from '../population/account.ts';
import { generatePopulation } from '../population/population.ts';
import { answerCall } from './answer-call.ts';
import { authenticator } from './auth/authenticate.ts';
import { knowUsers, type SiteUser } from './auth/site-users.ts';
import { CallLog } from './call-log.ts';
import { answerControl, faultsDoor, type SideDoor, statsDoor } from './control.ts';
import { GigyaFaults } from './faults.ts';
import { ParallelCalls } from './parallel-calls.ts';
import { type RecordedCall, RecordedCalls } from './recorded-calls.ts';
import { Cursors } from './search/cursors.ts';
import { AccountStore } from './store/account-store.ts';
import { AuditLog } from './store/audit-log.ts';
import { ChallengeStates } from './store/challenge-states.ts';
import { CommentStore } from './store/comment-store.ts';
import { Journal } from './store/journal.ts';
import { LiteStore } from './store/lite-store.ts';
import { ObjectStore } from './store/object-store.ts';
import { TokenBucket } from './token-bucket.ts';
import { UidLimits } from './uid-limits.ts';

export interface GigyaOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  /** Size of the generated population, 1000 by default. */
  accounts?: number;
  seed?: number;
  /** The moment the population is seen from, in milliseconds since 1970; by default now, or what the data file says. */
  epoch?: number;
  /** Past it calls answer 403048. Without it there is no limit. */
  rate?: { callsPerSecond: number };
  /** How long a write stays unseen by searches. */
  indexDelayMs?: number;
  /** NDJSON file that keeps the changes over restarts. */
  dataFile?: string;
  /** Keys besides the demo site's own. */
  users?: readonly SiteUser[];
  /** False: writes of `data` fields that no account of the population has answer 400024. */
  dynamicSchema?: boolean;
  /** Key and certificate (PEM): the server speaks HTTPS, where a secret may be sent as it is. */
  tls?: { key: string; cert: string };
  /** Further side doors, by their name below /_sandbox/. */
  sideDoors?: Readonly<Record<string, SideDoor>>;
  /** Milliseconds since 1970; also tells the Date header. */
  clock?: () => number;
}

export interface GigyaServer {
  url: string;
  port: number;
  site: { apiKey: string; userKey: string; secret: string; apiDomain: string };
  faults: GigyaFaults;
  /** Calls so far, by method. */
  calls: Readonly<Record<string, number>>;
  /** The last thousand calls as they came in. */
  requests: readonly RecordedCall[];
  accountOf(uid: string): Account | undefined;
  accountCount(): number;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

/** Starts a local stand-in for the REST API of one site on 127.0.0.1, over plain HTTP unless it gets a certificate. */
export async function startGigya(options: GigyaOptions = {}): Promise<GigyaServer> {
  const { accounts: size = 1000, seed = 1, clock = Date.now, indexDelayMs = 0 } = options;
  const fresh = { seed, epoch: options.epoch ?? clock() };
  const journal = options.dataFile === undefined ? undefined : Journal.open(options.dataFile, fresh);
  const head = journal?.head ?? fresh;
  const population = generatePopulation({ size, ...head });
  const world = { population, ...head };
  const accounts = new AccountStore({ population, journal, indexDelayMs, clock });
  const faults = new GigyaFaults(clock);
  const log = new CallLog();
  const recorded = new RecordedCalls();
  const desk = {
    site: {
      accounts,
      lite: new LiteStore(journal),
      objects: new ObjectStore(world, journal),
      audit: new AuditLog(world, clock),
      comments: new CommentStore(world),
      challenges: new ChallengeStates(world),
      cursors: { accounts: new Cursors(clock), ds: new Cursors(clock), audit: new Cursors(clock), comments: new Cursors(clock) },
      imports: new UidLimits({ limit: 5, windowMs: 60_000, clock }),
      dynamicSchema: options.dynamicSchema ?? true,
      clock,
    },
    authenticate: authenticator({ apiKey: demoSite.apiKey, users: knowUsers([demoSite, ...(options.users ?? [])]), clock }),
    rate: options.rate ? new TokenBucket(options.rate.callsPerSecond, clock) : undefined,
    parallel: new ParallelCalls(5),
    faults,
    log,
    recorded,
  };
  const sideDoors = { ...options.sideDoors, faults: faultsDoor(faults), stats: statsDoor({ log, faults, accounts }) };
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const isControl = request.url?.startsWith('/_sandbox/') ?? false;
    void (isControl ? answerControl(request, response, sideDoors) : answerCall(request, response, desk));
  };
  const server = options.tls ? createTlsServer(options.tls, answer) : createServer(answer);
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const url = `${options.tls ? 'https' : 'http'}://127.0.0.1:${port}`;
  return {
    url,
    port,
    site: { ...demoSite, apiDomain: url },
    faults,
    calls: log.byMethod,
    requests: recorded.list,
    accountOf: (uid) => accounts.get(uid),
    accountCount: () => accounts.count,
    stop: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
      journal?.close();
    },
  };
}
