/**
 * Moves one large file to a storage and back with `idsync run`, and tells speed and memory of the engine's process.
 *
 * node bench/storages/large-file.ts [s3|gcs|azure-blob|sftp|ftp|ftps-explicit|ftps-implicit …] [--gigabytes 2]
 *
 * s3 is OpenStack Swift, gcs the sandbox's stand-in, azure-blob Azurite, sftp OpenSSH, ftp and ftps vsftpd (as root); each in processes of its own.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { measure } from '../measure.ts';
import { type Storage, storages } from './storages.ts';

const BLOCK = 1 << 20;
const idsync = path.join(import.meta.dirname, '../../bin/idsync.mjs');

const { values, positionals } = parseArgs({ allowPositionals: true, options: { gigabytes: { type: 'string', default: '2' } } });
const bytes = Math.round(Number(values.gigabytes) * 1024 ** 3);
const folder = mkdtempSync(path.join(tmpdir(), 'idsync-large-'));
try {
  const file = path.join(folder, 'large.bin');
  const sum = await writeRandom(file);
  for (const name of positionals.length > 0 ? positionals : Object.keys(storages)) {
    const open = storages[name];
    if (!open) throw new Error(`There is no storage ${name}, only ${Object.keys(storages).join(', ')}.`);
    await using storage = await open();
    await upAndDown(name, { storage, file, sum });
  }
} finally {
  rmSync(folder, { recursive: true });
}

async function upAndDown(name: string, { storage, file, sum }: { storage: Storage; file: string; sum: string }): Promise<void> {
  const back = path.join(folder, 'back');
  mkdirSync(back);
  await move(`${name} up`, { type: 'datasource.read.local', params: { path: file } }, storage.writer);
  await move(`${name} down`, storage.reader, { type: 'datasource.write.local', params: { path: back } });
  if ((await sumOf(path.join(back, path.basename(file)))) !== sum) throw new Error(`${name} gave back another file.`);
  rmSync(back, { recursive: true });
}

interface Step {
  type: string;
  params: object;
}

async function move(title: string, from: Step, to: Step): Promise<void> {
  const flow = path.join(folder, 'flow.json');
  const steps = [
    { id: 'from', ...from, next: ['to'] },
    { id: 'to', ...to },
  ];
  writeFileSync(flow, JSON.stringify({ name: title, steps }));
  const { wallSec, cpuSec, peakMb, exitCode, output } = await measure(process.execPath, [idsync, 'run', flow], { cwd: folder });
  if (exitCode !== 0) throw new Error(`${title} failed: ${output.slice(-2000)}`);
  const speed = (bytes / 1e6 / wallSec).toFixed(0);
  console.log(`${title}: ${wallSec.toFixed(1)} s, ${speed} MB/s, ${cpuSec.toFixed(1)} CPU-s, at most ${peakMb.toFixed(0)} MB resident`);
}

/** Random bytes, so that nothing on the way can shrink them. */
async function writeRandom(file: string): Promise<string> {
  const hash = createHash('sha256');
  const blocks = async function* () {
    for (let left = bytes; left > 0; left -= BLOCK) {
      const block = randomBytes(Math.min(left, BLOCK));
      hash.update(block);
      yield block;
    }
  };
  await pipeline(blocks, createWriteStream(file));
  return hash.digest('hex');
}

async function sumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: BLOCK }), hash);
  return hash.digest('hex');
}
