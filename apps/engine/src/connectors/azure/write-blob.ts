import { randomBytes } from 'node:crypto';
import { FatalError, type FlowFile } from '#dataflow';
import { type AzureLine, call } from './place.ts';

/** Bytes of one block; blocks under way at a time. Both together are the memory of an upload. */
const BLOCK = 8 << 20;
const IN_FLIGHT = 3;
/** The service's own limit for one blob. */
const MOST_BLOCKS = 50_000;

/**
 * Writes a blob, replacing the one of its name; resolves to its bytes. Small files go up at once, others in blocks that become the
 * blob with the last call, so that nothing is seen before. Blocks of a failed upload belong to no blob; the service drops them after a week.
 */
export async function writeBlob(line: AzureLine, path: string, file: FlowFile): Promise<number> {
  const upload = new BlockUpload(line, path);
  try {
    for await (const block of blocksOf(file.read())) await upload.add(block);
    return await upload.commit();
  } finally {
    await upload.settle();
  }
}

class BlockUpload {
  readonly #line: AzureLine;
  readonly #path: string;
  /** Blocks of two uploads to one blob must not be mixed. */
  readonly #mark = randomBytes(6).toString('hex');
  readonly #ids: string[] = [];
  readonly #going = new Set<Promise<void>>();
  #failure: { thrown: unknown } | undefined;
  #kept: Buffer | undefined;
  #bytes = 0;

  constructor(line: AzureLine, path: string) {
    this.#line = line;
    this.#path = path;
  }

  /** Takes the next block; it goes up when it is known that it is not the only one. */
  async add(block: Buffer): Promise<void> {
    if (this.#kept) await this.#stage(this.#kept);
    this.#kept = block;
    this.#bytes += block.length;
  }

  async commit(): Promise<number> {
    const { signal: abortSignal } = this.#line.context;
    const doing = `Writing ${this.#path}`;
    const last = this.#kept ?? Buffer.alloc(0);
    if (this.#ids.length === 0) {
      await call(this.#line, {
        doing,
        act: ({ container }) => container.getBlockBlobClient(this.#path).upload(last, last.length, { abortSignal }),
      });
      return this.#bytes;
    }
    await this.#stage(last);
    await Promise.all(this.#going);
    this.#check();
    await call(this.#line, {
      doing,
      act: ({ container }) => container.getBlockBlobClient(this.#path).commitBlockList(this.#ids, { abortSignal }),
    });
    return this.#bytes;
  }

  /** Waits for what is under way. */
  async settle(): Promise<void> {
    await Promise.all(this.#going);
  }

  async #stage(block: Buffer): Promise<void> {
    if (this.#ids.length === MOST_BLOCKS) throw tooLarge(this.#path);
    const id = Buffer.from(`${this.#mark}-${String(this.#ids.length).padStart(6, '0')}`).toString('base64');
    this.#ids.push(id);
    const { signal: abortSignal } = this.#line.context;
    const staged: Promise<void> = call(this.#line, {
      doing: `Writing ${this.#path}`,
      act: ({ container }) => container.getBlockBlobClient(this.#path).stageBlock(id, block, block.length, { abortSignal }),
    })
      .then(
        () => undefined,
        (thrown: unknown) => {
          this.#failure ??= { thrown };
        },
      )
      .finally(() => this.#going.delete(staged));
    this.#going.add(staged);
    if (this.#going.size >= IN_FLIGHT) await Promise.race(this.#going);
    this.#check();
  }

  #check(): void {
    if (this.#failure) throw this.#failure.thrown;
  }
}

/** The same bytes in blocks of one size with memory of their own, the last one shorter. */
async function* blocksOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer, void, void> {
  let block: Buffer | undefined;
  let filled = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      block ??= Buffer.allocUnsafeSlow(BLOCK);
      const length = Math.min(chunk.length - at, BLOCK - filled);
      block.set(chunk.subarray(at, at + length), filled);
      filled += length;
      at += length;
      if (filled < BLOCK) continue;
      yield block;
      block = undefined;
      filled = 0;
    }
  }
  if (block && filled > 0) yield block.subarray(0, filled);
}

const tooLarge = (path: string): FatalError =>
  new FatalError(`${path} is larger than ${(MOST_BLOCKS * BLOCK) / 2 ** 30} GiB, the most one blob may have here. Write smaller files.`, {
    code: 'limitExceeded',
    details: { path },
  });
