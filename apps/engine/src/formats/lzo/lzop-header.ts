import { crc32 } from 'node:zlib';
import type { ByteReader } from '../byte-reader.ts';
import { malformedFile } from '../malformed-file.ts';
import { adler32 } from './adler32.ts';

/** What every lzop file begins with. */
export const magic = Uint8Array.of(0x89, 0x4c, 0x5a, 0x4f, 0x00, 0x0d, 0x0a, 0x1a, 0x0a);

/** Bits of the flags, as lzop 1.04 has them; `Data` is what was compressed, `Packed` what it became. */
export const lzopFlag = {
  adlerData: 0x1,
  adlerPacked: 0x2,
  extraField: 0x40,
  crcData: 0x100,
  crcPacked: 0x200,
  multipart: 0x400,
  filter: 0x800,
  crcHeader: 0x1000,
} as const;

/** Version of lzop that is claimed, that of the library, and the oldest that can read the file. */
const versions = { lzop: 0x1040, library: 0x20a0, needed: 0x0940 };
/** From this version on the header has these fields: version needed, level, upper half of the time. */
const versionWithLevel = 0x0940;
const methods = { lzo1x1: 1, lzo1x999: 3 };
const regularFile = 0o100644;
const longestName = 255;

/** The header of a file compressed with LZO1X-1, with Adler-32 sums of the data. */
export function writeLzopHeader({ name, timeMs }: { name: string; timeMs: number }): Uint8Array {
  const nameBytes = Buffer.from(name);
  const kept = nameBytes.length <= longestName ? nameBytes : Buffer.alloc(0);
  const fields = Buffer.alloc(25);
  fields.writeUInt16BE(versions.lzop, 0);
  fields.writeUInt16BE(versions.library, 2);
  fields.writeUInt16BE(versions.needed, 4);
  fields.writeUInt8(methods.lzo1x1, 6);
  fields.writeUInt8(5, 7);
  fields.writeUInt32BE(lzopFlag.adlerData, 8);
  fields.writeUInt32BE(regularFile, 12);
  const seconds = Math.floor(timeMs / 1000);
  fields.writeUInt32BE(seconds >>> 0, 16);
  fields.writeUInt32BE(Math.floor(seconds / 2 ** 32), 20);
  fields.writeUInt8(kept.length, 24);
  const summed = Buffer.concat([fields, kept]);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(adler32(summed));
  return Buffer.concat([magic, summed, sum]);
}

/** Reads one header, whose magic has been taken already, and returns its flags. Throws a FatalError when it cannot be used. */
export async function readLzopHeader(reader: ByteReader, fileName: string): Promise<number> {
  const summed: Buffer[] = [];
  const take = async (count: number): Promise<Buffer> => {
    const bytes = await reader.take(count);
    if (!bytes) throw malformedFile(`${fileName} is cut off inside its LZO header.`, fileName);
    summed.push(bytes);
    return bytes;
  };
  const version = (await take(4)).readUInt16BE(0);
  if (version < versionWithLevel) throw unknown(fileName, `it is of version 0x${version.toString(16)}, older than lzop 0.94`);
  const needed = (await take(2)).readUInt16BE(0);
  if (needed > versions.lzop) throw unknown(fileName, 'it needs a newer version of lzop than 1.04');
  const method = (await take(2)).readUInt8(0);
  if (method < methods.lzo1x1 || method > methods.lzo1x999) throw unknown(fileName, `it uses the method ${method}; only LZO1X is known`);
  const flags = (await take(4)).readUInt32BE(0);
  if (flags & lzopFlag.filter) throw unknown(fileName, 'it was made with a filter (lzop --filter); make it without');
  if (flags & lzopFlag.multipart) throw unknown(fileName, 'it is one part of a file in several parts');
  await take(12);
  await take((await take(1)).readUInt8(0));
  const sum = (flags & lzopFlag.crcHeader ? crc32 : adler32)(Buffer.concat(summed));
  if ((await take(4)).readUInt32BE(0) !== sum)
    throw malformedFile(`${fileName} is damaged: the checksum of its LZO header does not match.`, fileName);
  if (flags & lzopFlag.extraField) await skipExtraField(take, fileName);
  return flags;
}

const largestExtraField = 65_536;

async function skipExtraField(take: (count: number) => Promise<Buffer>, fileName: string): Promise<void> {
  const length = (await take(4)).readUInt32BE(0);
  if (length > largestExtraField) throw malformedFile(`${fileName} is damaged: the extra field of its LZO header is too long.`, fileName);
  await take(length + 4);
}

const unknown = (fileName: string, reason: string) => malformedFile(`${fileName} cannot be uncompressed: ${reason}.`, fileName);
