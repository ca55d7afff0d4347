import { isUtf8 } from 'node:buffer';
import { FatalError, type RowColumn } from '#dataflow';
import type { DsvDialect } from './dialect.ts';
import { nameColumns } from './header.ts';
import { maxRowBytes, RowScanner } from './row-scanner.ts';
import { DsvRows } from './rows.ts';

export interface DsvParseOptions {
  dialect: DsvDialect;
  /** The first row names the columns; otherwise they are `column_1`, `column_2` … */
  header: boolean;
  inferTypes: boolean;
  /** For error texts. */
  fileName: string;
  /** The charset the text was converted from; rows with a replacement character are then malformed. */
  convertedFrom?: string | undefined;
  /** Called for each row that cannot be read; parsing goes on after it. */
  onMalformed(row: MalformedRow): void;
  /** Called for each thing a person should know about the header. */
  onNote?(message: string): void;
  /** Chunks are joined until they have this many bytes (default 128 KiB). */
  gatherBytes?: number;
}

/** A row that could not be read, or whose columns do not fit. */
export interface MalformedRow {
  /** Physical line where it begins; the first line is 1. */
  line: number;
  /** Its text, of a broken quote the first line only, at most 10,000 characters. */
  raw: string;
  /** What is wrong, nearly always the same for equal faults: continues "A row of a.csv cannot be read: ". */
  problem: string;
}

const lf = 10;
const rawLimit = 10_000;
const replacement = Buffer.from('\uFFFD');

/**
 * Delimited UTF-8 text to rows, up to 1,024 at a time. Keeps the chunks until their rows are let go: the caller must not reuse them.
 * Throws a FatalError when the header cannot be read.
 */
export async function* parseDsv(chunks: AsyncIterable<Uint8Array>, options: DsvParseOptions): AsyncGenerator<DsvRows, void, undefined> {
  const parser = new DsvParser(options);
  const gatherBytes = options.gatherBytes ?? 131_072;
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  let rest: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    pending.push(chunk);
    pendingBytes += chunk.length;
    // Doubling keeps the rescanning of one very long row linear, up to the size where the row is given up.
    if (pendingBytes < Math.max(gatherBytes, Math.min(rest.length, maxRowBytes + gatherBytes - rest.length))) continue;
    let bytes = join(pending);
    pending = [];
    pendingBytes = 0;
    const lineEnd = rest.length > 0 && rest.length < bytes.length ? bytes.indexOf(lf) + 1 : 0;
    if (lineEnd > 0) {
      // Most rows that a border cut end with their line: joining just that saves a copy of the whole chunk.
      const row = join([rest, bytes.subarray(0, lineEnd)]);
      yield* parser.read(row, false);
      rest = row.subarray(parser.position);
      bytes = bytes.subarray(lineEnd);
    }
    if (rest.length > 0) bytes = join([rest, bytes]);
    yield* parser.read(bytes, false);
    rest = bytes.subarray(parser.position);
  }
  yield* parser.read(join([rest, ...pending]), true);
}

function join(chunks: readonly Uint8Array[]): Buffer {
  const [only] = chunks;
  if (chunks.length !== 1 || only === undefined) return Buffer.concat(chunks);
  return Buffer.from(only.buffer, only.byteOffset, only.byteLength);
}

class DsvParser {
  readonly #options: DsvParseOptions;
  readonly #scanner: RowScanner;
  #columns: readonly RowColumn[] | undefined;
  #started = false;

  constructor(options: DsvParseOptions) {
    this.#options = options;
    this.#scanner = new RowScanner(options.dialect);
  }

  /** Where the first row that is not complete begins in the bytes read last. */
  get position(): number {
    return this.#started ? this.#scanner.position : 0;
  }

  *read(bytes: Buffer, final: boolean): Generator<DsvRows, void, undefined> {
    const scanner = this.#scanner;
    if (!this.#started && bytes.length < 3 && !final) return;
    const marked = !this.#started && bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
    this.#started = true;
    scanner.use(bytes, { final, position: marked ? 3 : 0 });
    if (scanner.width === 0 && !this.#measure(bytes)) return;
    for (;;) {
      const stop = scanner.scan();
      if (stop === 'malformed') {
        this.#malformed(bytes);
        continue;
      }
      if (scanner.rows > 0) {
        const rows = this.#take(bytes);
        if (rows.size > 0) yield rows;
      }
      if (stop === 'starved') return;
    }
  }

  /** Learns the number of columns from the first row. */
  #measure(bytes: Buffer): boolean {
    for (;;) {
      const cells = this.#scanner.measure();
      if (cells === undefined) return false;
      if (cells !== 'malformed') {
        this.#scanner.width = cells;
        return true;
      }
      this.#malformed(bytes);
    }
  }

  /** The scanner stands behind a row that cannot be read: an error of the row, or of the file when it is the header. */
  #malformed(bytes: Buffer): void {
    const { rows, rowLine, rowStart, rowEnd, problem } = this.#scanner;
    if (this.#options.header && this.#columns === undefined && rows === 0) throw this.#headerError(problem);
    this.#report(rowLine, bytes.subarray(rowStart, rowEnd), problem);
  }

  /** The rows found so far, as a block of their own. */
  #take(bytes: Buffer): DsvRows {
    const scanner = this.#scanner;
    const { dialect, inferTypes } = this.#options;
    const stride = scanner.width + 1;
    const size = this.#dropUnreadable(bytes, stride);
    const block = {
      bytes,
      bounds: scanner.bounds.slice(0, size * stride),
      marks: scanner.marks.slice(0, size * stride),
      stride,
      separatorLength: scanner.separatorLength,
      dialect,
      inferTypes,
    };
    scanner.clear();
    if (this.#columns) return new DsvRows(block, this.#columns, { first: 0, size });
    const first = this.#options.header ? 1 : 0;
    this.#columns = this.#nameColumns(new DsvRows({ ...block, inferTypes: false }, [], { first: 0, size: 1 }), scanner.width);
    return new DsvRows(block, this.#columns, { first, size: size - first });
  }

  #nameColumns(head: DsvRows, width: number): RowColumn[] {
    const numbered = Array.from({ length: width }, (_, cell) => ({ name: `column_${cell + 1}`, cell }));
    if (!this.#options.header) return numbered;
    const names = head.cellReaders(numbered).map((read) => String(read(0)));
    return nameColumns(names, this.#options.onNote ?? (() => undefined));
  }

  /** Reports rows with bytes that are no text and closes the gaps they leave; returns the number of rows left. */
  #dropUnreadable(bytes: Buffer, stride: number): number {
    const { bounds, marks, lines, rows, separatorLength } = this.#scanner;
    const from = (bounds[0] as number) + separatorLength;
    if (this.#isReadable(bytes.subarray(from, bounds[rows * stride - 1]))) return rows;
    let kept = 0;
    for (let row = 0; row < rows; row++) {
      const slot = row * stride;
      const text = bytes.subarray((bounds[slot] as number) + separatorLength, bounds[slot + stride - 1]);
      if (this.#isReadable(text)) {
        bounds.copyWithin(kept * stride, slot, slot + stride);
        marks.copyWithin(kept * stride, slot, slot + stride);
        kept++;
      } else if (row === 0 && this.#columns === undefined && this.#options.header) throw this.#headerError(this.#unreadable());
      else this.#report(lines[row] as number, text, this.#unreadable());
    }
    return kept;
  }

  #isReadable(text: Buffer): boolean {
    return isUtf8(text) && (this.#options.convertedFrom === undefined || text.indexOf(replacement) === -1);
  }

  #unreadable(): string {
    const charset = this.#options.convertedFrom ?? 'UTF-8';
    return `it has bytes that are not ${charset}; set fileCharset to the charset of the file`;
  }

  #report(line: number, raw: Buffer, problem: string): void {
    this.#options.onMalformed({ line, problem, raw: raw.toString('utf8', 0, rawLimit * 4).slice(0, rawLimit) });
  }

  #headerError(problem: string): FatalError {
    const { fileName } = this.#options;
    return new FatalError(`The header of ${fileName} cannot be read: ${problem}.`, {
      code: 'malformedFile',
      details: { file: fileName, line: this.#scanner.rowLine },
    });
  }
}
