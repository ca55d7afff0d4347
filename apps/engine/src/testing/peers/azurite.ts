import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BlobServiceClient, type ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { type PeerProcess, startPeer } from './peer-process.ts';

/** Microsoft's emulator of Azure Storage on a free port of 127.0.0.1, with its one well-known account. */
export interface Azurite {
  accountName: string;
  accountKey: string;
  /** Address of the blob service, with the account in its path. */
  endpoint: string;
  port: number;
  /** Makes a container and gives a client to it that goes past the product. */
  makeContainer(name: string): Promise<ContainerClient>;
  stop(): Promise<void>;
}

const require = createRequire(import.meta.url);

/** The account every installation has; it opens nothing but emulators. */
const accountName = 'devstoreaccount1';
const accountKey = 'Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==';

/** Starts it with its own flags only: without the last two it calls out, or refuses versions it has not heard of. */
export async function startAzurite(): Promise<Azurite> {
  const main = path.join(path.dirname(require.resolve('azurite/package.json')), 'dist/src/blob/main.js');
  if (!existsSync(main)) throw new Error('azurite was not found; run npm install.');
  const location = mkdtempSync(path.join(tmpdir(), 'idsync-azurite-'));
  const server: PeerProcess = await startPeer('azurite', (port) => ({
    program: process.execPath,
    args: [
      main,
      '--blobHost',
      '127.0.0.1',
      '--blobPort',
      String(port),
      '--location',
      location,
      '--silent',
      '--skipApiVersionCheck',
      '--disableTelemetry',
    ],
  }));
  const endpoint = `http://127.0.0.1:${server.port}/${accountName}`;
  const service = new BlobServiceClient(endpoint, new StorageSharedKeyCredential(accountName, accountKey));
  return {
    accountName,
    accountKey,
    endpoint,
    port: server.port,
    makeContainer: async (name) => {
      const container = service.getContainerClient(name);
      await container.createIfNotExists();
      return container;
    },
    stop: async () => {
      await server.stop();
      rmSync(location, { recursive: true, force: true });
    },
  };
}
