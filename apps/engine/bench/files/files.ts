/**
 * `node bench/files/files.ts [MB] [case …]`: a file of so many MB (2048 when not said) through the steps that compress and encrypt, and back, each
 * in a process of its own that reads and writes the disk. Prints time, speed and peak memory, and fails when what comes back is not what went in.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { findComponent } from '#components';
import type { FileTransformer, FlowFile, StepContext } from '#dataflow';
import { examplePrivateKey, examplePublicKey } from '#formats/pgp/example-key.ts';
import { fakeContext } from '#testing';

const limits = { maxExpansion: 1000, maxEntries: 10, maxTotalSize: 1_000_000 };
const cases: Record<string, { pack: [string, object]; unpack: [string, object] }> = {
  gzip: { pack: ['file.compress.gzip', { level: 6 }], unpack: ['file.uncompress.gzip', limits] },
  zip: { pack: ['file.compress.zip', {}], unpack: ['file.uncompress.zip', limits] },
  'zip, AES-256': {
    pack: ['file.compress.zip', { password: 'secret' }],
    unpack: ['file.uncompress.zip', { ...limits, password: 'secret' }],
  },
  lzo: { pack: ['file.compress.lzo', {}], unpack: ['file.uncompress.lzo', limits] },
  pgp: {
    pack: ['file.encrypt.pgp', { publicKey: examplePublicKey, armor: false }],
    unpack: ['file.decrypt.pgp', { ...limits, privateKey: examplePrivateKey }],
  },
  'pgp, signed': {
    pack: ['file.encrypt.pgp', { publicKey: examplePublicKey, armor: false, signingKey: examplePrivateKey }],
    unpack: ['file.decrypt.pgp', { ...limits, privateKey: examplePrivateKey, verificationKeys: examplePublicKey }],
  },
};

/** Rows that compress about as well as exported accounts do. */
async function* accounts(megabytes: number): AsyncGenerator<Uint8Array> {
  let seed = 1;
  for (let block = 0, row = 0; block < megabytes; block++) {
    let text = '';
    while (text.length < 1024 * 1024) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
      text += `${row++},user${seed}@example.com,"Name ${seed % 977}, Jr.",${seed % 2 ? 'true' : 'false'},2024-02-${seed % 28},city ${seed % 100},${seed * 7}\n`;
    }
    yield Buffer.from(text.slice(0, 1024 * 1024));
  }
}

/** One step over one file, in this process: prints a line of JSON. */
async function runStep([type, params]: [string, object], from: string, to: string, spoolFolder: string): Promise<void> {
  const component = findComponent(type) as FileTransformer;
  const began = performance.now();
  const file: FlowFile = {
    name: 'a.csv',
    read: () => createReadStream(from, { highWaterMark: 262_144 }),
  };
  const hash = createHash('sha1');
  async function* hashed(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      if (to === '') hash.update(chunk);
      yield chunk;
    }
  }
  const context = fakeContext({ params, spoolFolder }) as unknown as StepContext<never>;
  for await (const out of component.transform(file, context)) {
    if (to === '') for await (const _ of hashed(out.read()));
    else await pipeline(hashed(out.read()), createWriteStream(to));
  }
  const { user, system } = process.cpuUsage();
  const seconds = (performance.now() - began) / 1000;
  console.log(
    JSON.stringify({ seconds, cpu: (user + system) / 1e6, rss: process.resourceUsage().maxRSS / 1024, sha1: hash.digest('hex') }),
  );
}

interface Measured {
  seconds: number;
  cpu: number;
  rss: number;
  sha1: string;
}

async function main(megabytes: number, names: readonly string[]): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'idsync-bench-files-'));
  const original = path.join(folder, 'original');
  await pipeline(accounts(megabytes), createWriteStream(original));
  const hash = createHash('sha1');
  for await (const chunk of createReadStream(original)) hash.update(chunk);
  const sha1 = hash.digest('hex');
  console.log('| step | seconds | MB/s | CPU s | peak RSS MB | packed MB |\n|---|---|---|---|---|---|');
  try {
    for (const name of names) {
      const packed = path.join(folder, 'packed');
      const measure = (direction: 'pack' | 'unpack', from: string, to: string): Measured =>
        JSON.parse(execFileSync(process.execPath, [import.meta.filename, direction, name, from, to, folder], { encoding: 'utf8' }));
      for (const direction of ['pack', 'unpack'] as const) {
        const run = direction === 'pack' ? measure('pack', original, packed) : measure('unpack', packed, '');
        if (direction === 'unpack' && run.sha1 !== sha1) throw new Error(`${name} did not come back as it was.`);
        const size = Math.round(statSync(packed).size / 1024 / 1024);
        console.log(
          `| ${name}, ${direction} | ${run.seconds.toFixed(1)} | ${Math.round(megabytes / run.seconds)} | ${run.cpu.toFixed(1)} | ${Math.round(run.rss)} | ${size} |`,
        );
      }
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const [first = '2048', name = '', from = '', to = '', folder = ''] = process.argv.slice(2);
const found = cases[name];
if (found && (first === 'pack' || first === 'unpack')) await runStep(found[first], from, to, folder);
else await main(Number(first), process.argv.length > 3 ? process.argv.slice(3) : Object.keys(cases));
