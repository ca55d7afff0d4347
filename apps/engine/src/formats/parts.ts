import type { Batch, FlowFile } from '#dataflow';

/** Turns batches into the bytes of files. Pure: the same batch encoded twice gives the same bytes. */
export interface BatchEncoder {
  /** What every file begins with; asked for when the first batch is known, undefined when there is none. */
  head(first: Batch | undefined): Uint8Array;
  encode(batch: Batch): Uint8Array;
  /** Stands between two encoded batches of one file. */
  readonly between: Uint8Array;
  readonly tail: Uint8Array;
}

export interface PartOptions {
  /** The name of file number `part`, from 0; see {@link partName}. */
  nameOf(part: number): string;
  /** A file is closed before it would grow past this size; a single record may. */
  maxBytes: number;
  /** A file with head and tail only when there is no record. */
  createEmptyFile: boolean;
}

const chunkBytes = 65_536;

/** The name of the file number `part`, from 0: `a.csv`, `a_1.csv` … */
export function partName(fileName: string, part: number): string {
  if (part === 0) return fileName;
  const dot = fileName.lastIndexOf('.');
  return dot <= 0 ? `${fileName}_${part}` : `${fileName.slice(0, dot)}_${part}${fileName.slice(dot)}`;
}

/** Files that hold all records of the batches, each at most `maxBytes` long. A file must be read to its end before the next is asked for. */
export async function* formatParts(batches: AsyncIterable<Batch>, encoder: BatchEncoder, options: PartOptions): AsyncGenerator<FlowFile> {
  const queue = new BatchQueue(batches);
  try {
    for (let part = 0; ; part++) {
      const first = await queue.next();
      if (first === undefined && (part > 0 || !options.createEmptyFile)) return;
      yield { name: options.nameOf(part), read: () => readPart(queue, first, { encoder, maxBytes: options.maxBytes }) };
      if (first === undefined) return;
    }
  } finally {
    await queue.close();
  }
}

/** Batches that are not empty, one of which may be put back. */
class BatchQueue {
  readonly #batches: AsyncIterator<Batch>;
  #returned: Batch | undefined;

  constructor(batches: AsyncIterable<Batch>) {
    this.#batches = batches[Symbol.asyncIterator]();
  }

  async next(): Promise<Batch | undefined> {
    const returned = this.#returned;
    this.#returned = undefined;
    if (returned) return returned;
    for (;;) {
      const { done, value } = await this.#batches.next();
      if (done) return undefined;
      if (value.size > 0) return value;
    }
  }

  putBack(batch: Batch): void {
    this.#returned = batch;
  }

  async close(): Promise<void> {
    await this.#batches.return?.();
  }
}

async function* readPart(
  queue: BatchQueue,
  first: Batch | undefined,
  { encoder, maxBytes }: { encoder: BatchEncoder; maxBytes: number },
): AsyncGenerator<Uint8Array> {
  const gathered = new Gathered();
  const part = { queue, encoder, gathered, room: maxBytes - encoder.tail.length, empty: true };
  const head = encoder.head(first);
  part.room -= head.length;
  gathered.add(head);
  for (let batch = first; batch !== undefined; batch = await queue.next()) {
    const bytes = encoder.encode(batch);
    const fits = bytes.length + encoder.between.length <= part.room;
    if (fits) append(part, bytes);
    const full = !fits && appendWhatFits(part, batch);
    if (gathered.size >= chunkBytes) yield gathered.take();
    if (full) break;
  }
  gathered.add(encoder.tail);
  if (gathered.size > 0) yield gathered.take();
}

interface Part {
  queue: BatchQueue;
  encoder: BatchEncoder;
  gathered: Gathered;
  room: number;
  empty: boolean;
}

function append(part: Part, bytes: Uint8Array): void {
  if (!part.empty) {
    part.gathered.add(part.encoder.between);
    part.room -= part.encoder.between.length;
  }
  part.empty = false;
  part.gathered.add(bytes);
  part.room -= bytes.length;
}

/** Adds records one by one until the file is full and puts the others back; true when there were any. */
function appendWhatFits(part: Part, batch: Batch): boolean {
  for (let i = 0; i < batch.size; i++) {
    const bytes = part.encoder.encode(batch.slice(i, i + 1));
    if (!part.empty && bytes.length + part.encoder.between.length > part.room) {
      part.queue.putBack(batch.slice(i, batch.size));
      return true;
    }
    append(part, bytes);
  }
  return false;
}

/** Small pieces on their way to one chunk. */
class Gathered {
  size = 0;
  #pieces: Uint8Array[] = [];

  add(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.size += piece.length;
  }

  take(): Uint8Array {
    const [only] = this.#pieces;
    const chunk = this.#pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.size = 0;
    return chunk;
  }
}
