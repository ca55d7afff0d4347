import { crc32 } from 'node:zlib';
import type { FatalError } from '#dataflow';
import { ByteReader } from '../byte-reader.ts';
import { checkExpansion, type ExpansionLimit } from '../expansion.ts';
import { malformedFile } from '../malformed-file.ts';
import { adler32 } from './adler32.ts';
import { decompressLzo1x, Lzo1xError } from './lzo1x-decompress.ts';
import { lzopFlag, magic, readLzopHeader } from './lzop-header.ts';

/** What lzop itself takes at most. */
export const maxBlockBytes = 64 * 1024 * 1024;
/** LZO1X cannot go past about 255 times: a block that claims more is damaged. */
const steepest = 256;

/**
 * The content of an lzop file of one or more members, one after the other. A block is handed on after its sums were found right.
 * Throws a FatalError that names the file when it is empty, no lzop file, cut off, damaged, followed by other bytes, or expands beyond the limit.
 */
export async function* readLzop(chunks: AsyncIterable<Uint8Array>, limit: ExpansionLimit): AsyncGenerator<Uint8Array> {
  const { fileName } = limit;
  const reader = new ByteReader(chunks);
  try {
    if (await reader.atEnd()) throw malformedFile(`${fileName} is empty, so it is no LZO file.`, fileName);
    const found = await reader.take(magic.length);
    if (!found?.equals(magic)) throw malformedFile(`${fileName} is no LZO file as lzop makes them.`, fileName);
    let output = 0;
    for (;;) {
      const flags = await readLzopHeader(reader, fileName);
      const member = new Member(reader, flags, fileName);
      for (let block = await member.block(); block; block = await member.block()) {
        output += block.length;
        checkExpansion(limit, reader.position, output);
        yield block;
      }
      if (await reader.atEnd()) return;
      const next = await reader.take(magic.length);
      if (!next?.equals(magic)) throw malformedFile(`${fileName} goes on after its compressed data.`, fileName);
    }
  } finally {
    await reader.close();
  }
}

/** One header's blocks. */
class Member {
  readonly #reader: ByteReader;
  readonly #flags: number;
  readonly #fileName: string;
  #number = 0;

  constructor(reader: ByteReader, flags: number, fileName: string) {
    this.#reader = reader;
    this.#flags = flags;
    this.#fileName = fileName;
  }

  /** The next block's data, or undefined behind the last. */
  async block(): Promise<Uint8Array | undefined> {
    this.#number++;
    const size = await this.#number32();
    if (size === 0) return undefined;
    const packedSize = await this.#number32();
    if (size > maxBlockBytes || packedSize > size || packedSize === 0 || size > packedSize * steepest)
      throw this.#damaged('its lengths make no sense');
    const sums = { adlerData: await this.#sum('adlerData'), crcData: await this.#sum('crcData') };
    const isPacked = packedSize < size;
    const packedSums = isPacked && { adlerPacked: await this.#sum('adlerPacked'), crcPacked: await this.#sum('crcPacked') };
    const content = await this.#take(packedSize);
    if (packedSums) this.#check(content, packedSums.adlerPacked, packedSums.crcPacked);
    const data = isPacked ? this.#decompress(content, size) : content;
    this.#check(data, sums.adlerData, sums.crcData);
    return data;
  }

  #decompress(content: Uint8Array, size: number): Uint8Array {
    try {
      return decompressLzo1x(content, size);
    } catch (thrown) {
      if (thrown instanceof Lzo1xError) throw this.#damaged(thrown.message);
      throw thrown;
    }
  }

  #check(bytes: Uint8Array, adler: number | undefined, crc: number | undefined): void {
    if ((adler !== undefined && adler32(bytes) !== adler) || (crc !== undefined && crc32(bytes) !== crc))
      throw this.#damaged('its checksum does not match');
  }

  async #sum(flag: 'adlerData' | 'adlerPacked' | 'crcData' | 'crcPacked'): Promise<number | undefined> {
    return this.#flags & lzopFlag[flag] ? this.#number32() : undefined;
  }

  async #number32(): Promise<number> {
    return (await this.#take(4)).readUInt32BE(0);
  }

  async #take(count: number): Promise<Buffer> {
    const bytes = await this.#reader.take(count);
    if (bytes) return bytes;
    throw malformedFile(
      `${this.#fileName} is cut off: its compressed data ends too early, after block ${this.#number - 1}.`,
      this.#fileName,
    );
  }

  #damaged(reason: string): FatalError {
    return malformedFile(`${this.#fileName} is damaged: block ${this.#number} cannot be uncompressed, ${reason}.`, this.#fileName);
  }
}
