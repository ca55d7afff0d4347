import { type Entry, type FileEntry, Reader, ZipReader } from '@zip.js/zip.js';
import { FatalError, type FlowFile } from '#dataflow';
import { checkExpansion } from '../expansion.ts';
import { malformedFile } from '../malformed-file.ts';
import { partName } from '../parts.ts';
import type { Spooled } from '../spool.ts';
import { nameEntry } from './entry-name.ts';
import { asZipError } from './errors.ts';

export interface UnzipOptions {
  /** Of the archive, for error texts. */
  fileName: string;
  password?: string | undefined;
  /** All entries together may be this many times the archive, after the first 256 MB. */
  maxExpansion: number;
  /** All entries together, in bytes. */
  maxBytes: number;
  maxEntries: number;
  /** Told what is passed over or renamed. */
  onNote(note: string): void;
}

/**
 * The files in a zip archive, in the order of its directory, named without their folders. Folders, symbolic links and macOS's extra entries
 * are passed over. Throws a FatalError that names the archive, and the entry, when it is no zip file, damaged, not to be trusted, or goes past
 * a limit; a ConfigError when the password is missing or wrong.
 */
export async function* unzip(archive: Spooled, options: UnzipOptions): AsyncGenerator<FlowFile> {
  const { fileName } = options;
  if (archive.size === 0) throw malformedFile(`${fileName} is empty, so it is no zip file.`, fileName);
  const reader = new ZipReader(new SpoolReader(archive, fileName), {
    ...checks,
    ...(options.password !== undefined && { password: options.password }),
  });
  try {
    const entries = await listEntries(reader, options);
    const budget = new Budget(archive.size, options);
    const names = new Names(options);
    for (const entry of entries) {
      const name = names.of(entry);
      if (name === undefined || entry.directory) continue;
      yield { name, size: entry.uncompressedSize, modifiedMs: entry.lastModDate.getTime(), read: () => readEntry(entry, budget, options) };
    }
  } catch (thrown) {
    throw asZipError(thrown, { fileName });
  } finally {
    await reader.close();
  }
}

const checks = {
  useWebWorkers: false,
  // Names are judged by nameEntry, whose words are ours.
  filenameValidation: 'tolerant',
  checkCrc32: true,
  checkOverlappingEntry: true,
} as const;

async function listEntries(reader: ZipReader<Spooled>, { fileName, maxEntries, maxBytes }: UnzipOptions): Promise<Entry[]> {
  const entries: Entry[] = [];
  let claimed = 0;
  for await (const entry of reader.getEntriesGenerator()) {
    entries.push(entry);
    claimed += entry.uncompressedSize;
    if (entries.length > maxEntries)
      throw tooMuch(fileName, `holds more than ${maxEntries} entries; nothing of it was unpacked. Raise maxEntries if that is meant.`);
    if (claimed > maxBytes)
      throw tooMuch(fileName, `says that it unpacks to more than ${megabytes(maxBytes)} MB. Raise maxTotalSize if that is meant.`);
  }
  return entries;
}

async function* readEntry(entry: FileEntry, budget: Budget, { fileName }: UnzipOptions): AsyncGenerator<Uint8Array> {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const unpacking = entry.getData(writable).catch(async (thrown: unknown) => {
    await writable.abort(thrown).catch(() => undefined);
    throw thrown;
  });
  unpacking.catch(() => undefined);
  try {
    for await (const chunk of readable) {
      budget.spend(chunk.length);
      yield chunk;
    }
    await unpacking;
  } catch (thrown) {
    throw asZipError(thrown, { fileName, entryName: entry.filename });
  } finally {
    await unpacking.catch(() => undefined);
  }
}

/** What all entries together may unpack to; the sizes an archive claims are not believed. */
class Budget {
  readonly #archiveSize: number;
  readonly #options: UnzipOptions;
  #output = 0;

  constructor(archiveSize: number, options: UnzipOptions) {
    this.#archiveSize = archiveSize;
    this.#options = options;
  }

  spend(bytes: number): void {
    this.#output += bytes;
    const { fileName, maxBytes } = this.#options;
    if (this.#output > maxBytes)
      throw tooMuch(fileName, `unpacks to more than ${megabytes(maxBytes)} MB; it was stopped there. Raise maxTotalSize if that is meant.`);
    checkExpansion(this.#options, this.#archiveSize, this.#output);
  }
}

/** Gives each entry a name that no other file of the archive has. */
class Names {
  readonly #taken = new Set<string>();
  readonly #options: UnzipOptions;

  constructor(options: UnzipOptions) {
    this.#options = options;
  }

  /** Undefined: nothing to hand on. */
  of(entry: Entry): string | undefined {
    const { fileName, onNote } = this.#options;
    const shown = JSON.stringify(entry.filename.slice(0, 200));
    const named = nameEntry(entry.filename);
    if (named.kind === 'unsafe')
      throw malformedFile(
        `${fileName} is not to be trusted: the name of an entry, ${shown}, ${named.reason}. Have the archive made again with plain names.`,
        fileName,
      );
    if (entry.directory || named.kind === 'nothing') return undefined;
    if (entry.symlink) {
      onNote(`${fileName}: the entry ${shown} is a symbolic link and is passed over.`);
      return undefined;
    }
    let name = named.name;
    for (let n = 1; this.#taken.has(name); n++) name = partName(named.name, n);
    this.#taken.add(name);
    if (name !== named.name) onNote(`${fileName}: the name of ${shown} is taken by an entry before it; the file is called ${name}.`);
    return name;
  }
}

/** The library holds the directory in memory whole; a piece of data is never nearly as large. */
const largestRead = 64 * 1024 * 1024;

class SpoolReader extends Reader<Spooled> {
  readonly #archive: Spooled;
  readonly #fileName: string;

  constructor(archive: Spooled, fileName: string) {
    super(archive);
    this.#archive = archive;
    this.#fileName = fileName;
    this.size = archive.size;
  }

  override async readUint8Array(index: number, length: number): Promise<Uint8Array> {
    if (length > largestRead)
      throw tooMuch(
        this.#fileName,
        `has a directory of more than ${megabytes(largestRead)} MB; nothing of it was unpacked. Have it made with fewer entries.`,
      );
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - index)));
    for (let at = 0; at < bytes.length; ) {
      const { bytesRead } = await this.#archive.handle.read(bytes, at, bytes.length - at, index + at);
      if (bytesRead === 0) break;
      at += bytesRead;
    }
    return bytes;
  }
}

const megabytes = (bytes: number) => Math.round(bytes / 1024 / 1024);

const tooMuch = (file: string, what: string) => new FatalError(`${file} ${what}`, { code: 'limitExceeded', details: { file } });
