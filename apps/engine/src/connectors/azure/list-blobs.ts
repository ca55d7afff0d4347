import { readRetries } from '#dataflow';
import { isPlainName } from '../remote-name.ts';
import { type FileSelection, type RemoteFile, selectFiles } from '../select-files.ts';
import { type AzureLine, type AzurePlace, call } from './place.ts';

/** Most names in one page of a listing, the service's own limit. */
const PAGE = 5000;

export interface BlobListing {
  /** The selected blobs in the order they are read; `path` is the whole name, `name` what stands behind its last slash. */
  files: RemoteFile[];
  /** Blobs under the prefix, selected or not. */
  total: number;
  /** Blobs whose names cannot be names of files. */
  unsafe: number;
}

/** Lists page by page; only blobs that are selected are kept. Folders of hierarchical accounts are left out. */
export async function listBlobs(
  line: AzureLine,
  { prefix, pageSize = PAGE }: { prefix: string; pageSize?: number },
  selection: FileSelection,
): Promise<BlobListing> {
  const listing: BlobListing = { files: [], total: 0, unsafe: 0 };
  const take = (blobs: RemoteFile[]) => {
    listing.total += blobs.length;
    const safe = blobs.filter(({ name }) => isPlainName(name));
    listing.unsafe += blobs.length - safe.length;
    for (const file of selectFiles(safe, selection)) listing.files.push(file);
  };
  let next: string | undefined;
  do {
    const from = next;
    const page = await call(line, {
      doing: `Listing the blobs ${prefix}*`,
      policy: readRetries,
      act: (place) => (place.only === undefined ? pageOf(place, { prefix, pageSize, from }) : onlyBlob(place, place.only)),
    });
    take(page.blobs);
    next = page.next;
  } while (next !== undefined);
  listing.files = selectFiles(listing.files, selection);
  return listing;
}

interface Page {
  blobs: RemoteFile[];
  next?: string | undefined;
}

async function pageOf(
  { container }: AzurePlace,
  { prefix, pageSize, from }: { prefix: string; pageSize: number; from: string | undefined },
): Promise<Page> {
  const options = { includeMetadata: true, ...(prefix === '' ? {} : { prefix }) };
  const pages = container
    .listBlobsFlat(options)
    .byPage({ maxPageSize: pageSize, ...(from === undefined ? {} : { continuationToken: from }) });
  const { value, done } = await pages.next();
  if (done) return { blobs: [] };
  const blobs = value.segment.blobItems
    .filter(({ name, metadata }) => !name.endsWith('/') && metadata?.hdi_isfolder !== 'true')
    .map(({ name, properties }) => fileOf(name, properties.contentLength ?? 0, properties.lastModified));
  return { blobs, next: value.continuationToken || undefined };
}

async function onlyBlob({ container }: AzurePlace, name: string): Promise<Page> {
  const { contentLength = 0, lastModified } = await container.getBlobClient(name).getProperties();
  return { blobs: [fileOf(name, contentLength, lastModified)] };
}

const fileOf = (path: string, size: number, modified: Date | undefined): RemoteFile => ({
  name: path.slice(path.lastIndexOf('/') + 1),
  path,
  size,
  modifiedMs: modified?.getTime() ?? Date.now(),
});
