import { randomUUID } from 'node:crypto';
import { ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { type Connection, FatalError, type FlowFile } from '#dataflow';
import { guardedPipeline } from './azure/guarded-pipeline.ts';
import { type BlobListing, listBlobs } from './azure/list-blobs.ts';
import { type AzureLine, call } from './azure/place.ts';
import { readBlob } from './azure/read-blob.ts';
import { openBroker, type SasSettings } from './azure/sas-broker.ts';
import { writeBlob } from './azure/write-blob.ts';
import { httpUrl } from './http.ts';
import type { NetworkContext } from './network.ts';
import { plainName } from './remote-name.ts';
import type { FileSelection } from './select-files.ts';
import { unrepeatable } from './unrepeatable.ts';

export interface AzureKeySettings {
  accountName: string;
  accountKey: string;
  container: string;
  /** Address of the blob service; that of the public cloud when not given. */
  endpoint?: string | undefined;
}

export interface AzurePurpose {
  prefix: string;
  use: 'read' | 'write';
}

/** A container of Azure Blob Storage. */
export interface AzureConnection extends Connection {
  list(prefix: string, selection: FileSelection): Promise<BlobListing>;
  read(path: string): AsyncIterable<Uint8Array>;
  /** Writes a blob, over one of its name, and resolves to its name and bytes; nothing is seen of it before it is complete. */
  upload(file: FlowFile, prefix: string): Promise<{ name: string; bytes: number }>;
}

/** By account key. Nothing is sent yet. */
export function openAzureByKey(settings: AzureKeySettings, context: NetworkContext, purpose: AzurePurpose): AzureConnection {
  const { accountName, accountKey, container } = settings;
  const service = httpUrl(settings.endpoint ?? `https://${accountName}.blob.core.windows.net`, 'endpoint');
  const guarded = guardedPipeline(context);
  guarded.check(service.hostname);
  const pipeline = guarded.pipelineFor(new StorageSharedKeyCredential(accountName, accountKey));
  const client = new ContainerClient(`${service.href.replace(/\/+$/, '')}/${encodeURIComponent(container)}`, pipeline);
  return connectionOver(
    {
      context,
      where: { host: service.host, container },
      login: 'key',
      place: async () => ({ container: client }),
      renew: () => false,
      refused: guarded.refused,
      [Symbol.asyncDispose]: async () => guarded[Symbol.dispose](),
    },
    purpose,
  );
}

/** By a signature from a broker: logs in and asks for it. */
export const openAzureBySas = async (settings: SasSettings, context: NetworkContext, purpose: AzurePurpose): Promise<AzureConnection> =>
  connectionOver(await openBroker(settings, context), purpose);

function connectionOver(line: AzureLine, purpose: AzurePurpose): AzureConnection {
  const written = new Set<string>();
  return {
    list: (prefix, selection) => listBlobs(line, { prefix }, selection),
    read: (path) => readBlob(line, path),
    async upload(file, prefix) {
      const { only } = await line.place();
      const name = only ?? prefix + plainName(file.name);
      if (only !== undefined && written.has(only)) throw onlyOne(only, file.name);
      const bytes = await writeBlob(line, name, file).catch((thrown) => {
        throw unrepeatable(thrown);
      });
      written.add(name);
      return { name, bytes };
    },
    test: () => (purpose.use === 'read' ? proveReading(line, purpose.prefix) : proveWriting(line, purpose.prefix)),
    [Symbol.asyncDispose]: () => line[Symbol.asyncDispose](),
  };
}

const onlyOne = (blob: string, name: string): FatalError =>
  new FatalError(
    `The broker hands out a signature for the one blob ${blob}, which was written already; ${name} would replace it. Have it hand out one for the container.`,
    {
      code: 'targetRefused',
      details: { blob, name },
    },
  );

async function proveReading(line: AzureLine, prefix: string): Promise<string> {
  const { host, container } = line.where;
  const { files } = await listBlobs(line, { prefix }, { sortBy: 'name', sortOrder: 'ASC' });
  return `The container ${container} at ${host} can be read; ${prefix === '' ? 'it' : `the prefix ${prefix}`} holds ${files.length} blobs.`;
}

async function proveWriting(line: AzureLine, prefix: string): Promise<string> {
  const { host, container } = line.where;
  const { rights, only } = await line.place();
  // What could not be removed again is not written.
  if (only !== undefined || (rights !== undefined && !rights.includes('d'))) {
    if (rights !== undefined && !/[cw]/.test(rights)) {
      throw new FatalError(
        `The signature for ${container} at ${host} grants ${rights}, which is no right to write. Have the broker grant c and w.`,
        {
          code: 'notAllowed',
        },
      );
    }
    return `The broker handed out a signature for ${only ?? container} at ${host} that grants ${rights ?? 'what its policy says'}; nothing was written.`;
  }
  const trial = `${prefix}.idsync-test-${randomUUID()}`;
  const doing = `Writing to ${container}`;
  await call(line, { doing, act: (place) => place.container.getBlockBlobClient(trial).upload('', 0) });
  await call(line, { doing, act: (place) => place.container.getBlockBlobClient(trial).delete() });
  return `The container ${container} at ${host} can be written to.`;
}
