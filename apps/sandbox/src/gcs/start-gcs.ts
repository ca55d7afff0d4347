import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Response } from 'express';
import type { Platform } from '../platforms/platform.ts';
import { type PlatformServer, startPlatforms } from '../platforms/start-platforms.ts';
import { ObjectStore } from './object-store.ts';
import { gcsRoutes } from './routes.ts';
import { type ServiceAccount, TokenDesk } from './token-desk.ts';
import { UploadSessions } from './upload-sessions.ts';

/** What a service account may do, by the names of Google's predefined roles. */
const roles = {
  objectUser: ['storage.objects.list', 'storage.objects.get', 'storage.objects.create', 'storage.objects.delete'],
  objectViewer: ['storage.objects.list', 'storage.objects.get'],
  objectCreator: ['storage.objects.create'],
  none: [],
} as const satisfies Record<string, readonly string[]>;

export type GcsRole = keyof typeof roles;

/** The parts of a service-account file, the key as base64 of its PEM text. */
export interface GcsCredentials {
  projectId: string;
  clientEmail: string;
  privateKey: string;
}

export interface GcsOptions {
  /** 0, the default, takes a free port. */
  port?: number;
  buckets?: readonly string[];
  /** Buckets whose requester pays. */
  requesterPays?: readonly string[];
  clock?: () => number;
}

export interface GcsServer extends PlatformServer {
  /** Where tokens are issued. */
  tokenUrl: string;
  credentials(role: GcsRole): GcsCredentials;
  /** Names of objects whose upload was begun and neither ended nor cancelled. */
  unfinished(): string[];
  /** The next so many pieces of uploads are kept in half only. */
  keepHalves(count: number): void;
  /** Cuts all downloads that are on their way. */
  dropDownloads(): void;
  /** Ends all tokens, as an hour would. */
  endTokens(): void;
  stop(): Promise<void>;
}

const projectId = 'example-project';
const emailOf = (role: GcsRole) => `${role.toLowerCase()}@${projectId}.iam.gserviceaccount.com`;

/**
 * A local stand-in for Google Cloud Storage, written from its public documentation: the JSON API (v1) for objects with lists,
 * media, simple, multipart and resumable uploads, and the token endpoint for service accounts. Bytes lie in a folder of the
 * system's temporary place until it stops. Not there: buckets made or changed by calls, ACLs, versions, crc32c.
 */
export async function startGcs({
  port = 0,
  buckets = ['example'],
  requesterPays = [],
  clock = Date.now,
}: GcsOptions = {}): Promise<GcsServer> {
  const folder = mkdtempSync(join(tmpdir(), 'idsync-gcs-'));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const accounts = (Object.keys(roles) as GcsRole[]).map(
    (role): ServiceAccount => ({ email: emailOf(role), publicKey: createPublicKey(privateKey), permissions: roles[role] }),
  );
  const desk = new TokenDesk(accounts, clock);
  const store = new ObjectStore(folder, [...buckets, ...requesterPays], clock);
  const sessions = new UploadSessions(store);
  const downloads = new Set<Response>();
  const platform: Platform & { name: 'gcs' } = {
    name: 'gcs',
    start: ({ url }) => ({
      router: gcsRoutes({ desk, store, sessions, requesterPays: new Set(requesterPays), url, downloads }),
      state: () => ({ buckets: store.counts(), unfinished: sessions.unfinished }),
      reset: () => {
        sessions.clear();
        store.clear();
        desk.endTokens();
      },
    }),
  };
  const server = await startPlatforms([platform], { port, clock });
  const place = server.platforms.gcs;
  const pem = Buffer.from(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string).toString('base64');
  return {
    ...place,
    tokenUrl: `${place.url}/token`,
    credentials: (role) => ({ projectId, clientEmail: emailOf(role), privateKey: pem }),
    unfinished: () => sessions.unfinished,
    keepHalves: (count) => {
      sessions.halves = count;
    },
    dropDownloads: () => {
      for (const response of downloads) response.socket?.destroy();
    },
    endTokens: () => desk.endTokens(),
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
