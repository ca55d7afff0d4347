import { byteIndexModule, hitsAt, inputAt, pieceBytes } from './byte-index-module.ts';
import type { DsvDialect } from './dialect.ts';

/** Kinds of bytes that can matter to the shape of delimited text; all others are skipped. */
export const byteKind = { high: 1, separator: 2, lineEnd: 3, quote: 4, escape: 5 } as const;

/** A list of the bytes that matter: `hits[i] = position << 3 | kind`, in order. Positions must stay below 2^28. */
export class ByteIndex {
  hits = new Int32Array(0);
  count = 0;
  readonly #kinds: Uint8Array;
  readonly #separator: number;
  readonly #quote: number;
  readonly #escape: number;

  constructor(dialect: DsvDialect) {
    this.#kinds = byteKinds(dialect);
    this.#separator = Buffer.from(dialect.separator)[0] ?? 0;
    this.#quote = dialect.quote.charCodeAt(0);
    this.#escape = dialect.escapeWith.charCodeAt(0);
  }

  /** Lists the bytes that matter in these, in place of the list before. */
  read(bytes: Uint8Array): void {
    this.count = 0;
    const { memory, kinds, hits, index } = codeOfProcess();
    kinds.set(this.#kinds);
    for (let start = 0; start < bytes.length; start += pieceBytes) {
      const piece = bytes.subarray(start, start + pieceBytes);
      memory.set(piece, inputAt);
      let count = index(inputAt + piece.length, start - inputAt, this.#separator, this.#quote, this.#escape);
      // The last step looks past the end of the piece.
      while (count > 0 && (hits[count - 1] as number) >> 3 >= start + piece.length) count--;
      this.#append(hits.subarray(0, count));
    }
  }

  #append(found: Int32Array): void {
    const count = this.count + found.length;
    if (count > this.hits.length) {
      const larger = new Int32Array(Math.max(count, this.hits.length * 2));
      larger.set(this.hits.subarray(0, this.count));
      this.hits = larger;
    }
    this.hits.set(found, this.count);
    this.count = count;
  }
}

interface Code {
  memory: Uint8Array;
  kinds: Uint8Array;
  hits: Int32Array;
  index(end: number, shift: number, separator: number, quote: number, escapeWith: number): number;
}

/** One for the process: a call leaves nothing behind in it. */
let code: Code | undefined;

function codeOfProcess(): Code {
  code ??= load();
  return code;
}

// Node has it, but only the types of browsers declare it.
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object) => { exports: { memory: { buffer: ArrayBuffer }; index: Code['index'] } };
};

function load(): Code {
  const { memory, index } = new WebAssembly.Instance(new WebAssembly.Module(byteIndexModule)).exports;
  return {
    memory: new Uint8Array(memory.buffer),
    kinds: new Uint8Array(memory.buffer, 0, 256),
    hits: new Int32Array(memory.buffer, hitsAt, pieceBytes + 16),
    index,
  };
}

/** Kind of each byte value, 0 for a plain one. Of a longer separator only the first byte counts. */
function byteKinds({ separator, quote, escapeWith }: DsvDialect): Uint8Array {
  const kinds = new Uint8Array(256);
  kinds.fill(byteKind.high, 128);
  kinds[10] = byteKind.lineEnd;
  kinds[13] = byteKind.lineEnd;
  kinds[escapeWith.charCodeAt(0)] = byteKind.escape;
  kinds[quote.charCodeAt(0)] = byteKind.quote;
  kinds[Buffer.from(separator)[0] ?? 0] = byteKind.separator;
  return kinds;
}
