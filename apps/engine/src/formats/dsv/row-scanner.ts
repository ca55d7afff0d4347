import { ByteIndex, byteKind } from './byte-index.ts';
import type { DsvDialect } from './dialect.ts';

/** What the scanner noted about a cell; slot 0 of a row holds the cells' marks put together. */
export const cellMark = {
  /** Has a byte above 127. */
  nonAscii: 1,
  /** Stands in quotes. */
  quoted: 2,
  /** Holds a doubled or escaped quote. */
  escaped: 4,
  /** Our formatter may write this cell otherwise: quotes that were not needed, a bare quote inside, or the beginning of a separator. */
  unusual: 8,
} as const;

/** Most rows in one batch. */
export const rowsPerBatch = 1024;

/** Most cells in one batch: rows with very many columns come in smaller batches, or their offsets alone would fill the memory. */
const cellsPerBatch = 1 << 22;

/** Most bytes of one row. */
export const maxRowBytes = 16 * 1024 * 1024;

/** Why scanning stopped. */
export type ScanStop =
  /** The arrays are full. */
  | 'full'
  /** No complete row is left before the end of the bytes. */
  | 'starved'
  /** `problem` describes a row that cannot be read; `rowStart` to `rowEnd` is its text and scanning goes on after it. */
  | 'malformed';

const { nonAscii, quoted, escaped, unusual } = cellMark;
const lf = 10;
const cr = 13;

/** Results of reading a row that are no number of cells. */
const incomplete = -1;
const malformed = -2;

/**
 * Finds the cells of delimited text in raw bytes.
 *
 * A row takes `width + 1` slots in `bounds`: slot 0 is the row's first byte less the separator's length, slot n the byte
 * after cell n - 1; so cell c spans `bounds[c] + separatorLength` to `bounds[c + 1]`, quotes included. `marks` has the same layout.
 *
 * Rows end at LF, CRLF or CR, also mixed; blank lines are skipped. A quote opens a quoted cell only at the cell's start and is
 * ordinary text elsewhere. After a broken quote scanning goes on with the next physical line, so that one stray quote costs one line;
 * no text is scanned more than about twice that way, because a quote that swallows lines leaves none in them that could do it again.
 *
 * Longer than other files because every method reads and moves the same cursor over the same arrays; apart they would only pass it around.
 */
export class RowScanner {
  /** Position of the next row in the bytes given to {@link use}. */
  position = 0;
  /** Physical line number of the next row; the first line is 1. */
  line = 1;
  /** Rows found since the last {@link clear}. */
  rows = 0;
  bounds = new Int32Array(0);
  marks = new Uint8Array(0);
  /** Physical line of each row found. */
  readonly lines = new Float64Array(rowsPerBatch);
  /** Set when a scan stopped at a malformed row. */
  problem = '';
  rowStart = 0;
  rowEnd = 0;
  rowLine = 0;

  readonly separatorLength: number;
  #width = 0;
  /** Rows that fit into the arrays. */
  #capacity = rowsPerBatch;
  #bytes: Uint8Array = Buffer.alloc(0);
  #final = false;
  /** The first hit of the next row. */
  #hit = 0;
  /** Marks of the cell {@link #quotedCell} read last. */
  #mark = 0;
  /** The rest of a line that was too long is being dropped. */
  #skipping = false;
  readonly #separator: Uint8Array;
  readonly #index: ByteIndex;
  readonly #doubles: boolean;

  constructor(dialect: DsvDialect) {
    this.#separator = Buffer.from(dialect.separator, 'utf8');
    this.separatorLength = this.#separator.length;
    this.#index = new ByteIndex(dialect);
    this.#doubles = dialect.escapeWith === dialect.quote;
  }

  /** Cells of a row; 0 as long as the first row has to tell. */
  get width(): number {
    return this.#width;
  }

  set width(width: number) {
    this.#width = width;
    this.#capacity = Math.max(1, Math.min(rowsPerBatch, Math.floor(cellsPerBatch / (width + 1))));
    this.bounds = new Int32Array(this.#capacity * (width + 1));
    this.marks = new Uint8Array(this.#capacity * (width + 1));
    this.rows = 0;
  }

  /** Goes on with other bytes, whose byte `position` is the one where scanning stands. `final`: none follow. */
  use(bytes: Uint8Array, { final, position }: { final: boolean; position: number }): void {
    this.#bytes = bytes;
    this.#final = final;
    this.position = position;
    this.#index.read(bytes);
    this.#hit = 0;
    this.#seek(position);
  }

  /** Forgets the rows found, after they were copied. */
  clear(): void {
    this.rows = 0;
  }

  /** Finds rows until the arrays are full, the bytes are used up, or a row is malformed. */
  scan(): ScanStop {
    const width = this.#width;
    const stride = width + 1;
    const capacity = this.#capacity;
    while (this.rows < capacity) {
      if (!this.#skipBlankLines()) return 'starved';
      const cells = this.#row(this.rows * stride);
      if (cells === incomplete) return this.#starvedOrTooLong();
      if (cells === malformed) return 'malformed';
      if (cells !== width) {
        this.problem = `it has ${cells} ${cells === 1 ? 'column' : 'columns'} where ${width} are expected`;
        return 'malformed';
      }
      this.lines[this.rows] = this.rowLine;
      this.rows++;
    }
    return 'full';
  }

  /** The number of cells of the next row, without storing them. Undefined when the row is not complete yet. */
  measure(): number | 'malformed' | undefined {
    if (!this.#skipBlankLines()) return undefined;
    const { position, line } = this;
    const hit = this.#hit;
    const cells = this.#row(0);
    if (cells === incomplete) return this.#starvedOrTooLong() === 'malformed' ? 'malformed' : undefined;
    if (cells === malformed) return 'malformed';
    this.position = position;
    this.line = line;
    this.#hit = hit;
    return cells;
  }

  /** Moves to the first byte of a row. False: the bytes end before it. */
  #skipBlankLines(): boolean {
    const bytes = this.#bytes;
    const end = bytes.length;
    if (this.#skipping) {
      while (this.position < end && bytes[this.position] !== lf && bytes[this.position] !== cr) this.position++;
      this.#skipping = this.position === end;
      this.#seek(this.position);
    }
    for (;;) {
      if (this.position === end) return false;
      const byte = bytes[this.position];
      if (byte !== lf && byte !== cr) return true;
      if (byte === cr && this.position + 1 === end && !this.#final) return false;
      this.#passLineEnd(this.position);
    }
  }

  /** Moves behind the line end at `at`. */
  #passLineEnd(at: number): void {
    const pair = this.#bytes[at] === cr && this.#bytes[at + 1] === lf;
    this.position = at + (pair ? 2 : 1);
    this.line++;
    this.#seek(this.position);
  }

  /** Moves on to the first hit at or after a position. */
  #seek(position: number): void {
    const { hits, count } = this.#index;
    const mark = position << 3;
    let hit = this.#hit;
    while (hit < count && (hits[hit] as number) < mark) hit++;
    this.#hit = hit;
  }

  /** Reads the row at `position` into slots from `base` on. Returns its cells, or `incomplete`, or `malformed`. */
  #row(base: number): number {
    const { bounds, marks, separatorLength } = this;
    const { hits, count } = this.#index;
    const width = this.#width;
    let hit = this.#hit;
    let cellStart = this.position;
    let cell = 0;
    let mark = 0;
    let rowMark = 0;
    this.rowStart = cellStart;
    this.rowLine = this.line;
    if (width > 0) bounds[base] = cellStart - separatorLength;
    while (hit < count) {
      const packed = hits[hit++] as number;
      const kind = packed & 7;
      const at = packed >> 3;
      if (kind === byteKind.separator) {
        if (separatorLength > 1) {
          if (at < cellStart) continue;
          const matches = this.#separatorAt(at);
          if (matches === undefined) return incomplete;
          if (!matches) {
            // Copied to another place such a cell may become part of a separator.
            mark |= nonAscii | unusual;
            continue;
          }
        }
        cell++;
        if (cell <= width) {
          bounds[base + cell] = at;
          marks[base + cell] = mark;
        }
        rowMark |= mark;
        mark = 0;
        cellStart = at + separatorLength;
      } else if (kind === byteKind.lineEnd) {
        if (at + 1 === this.#bytes.length && this.#bytes[at] === cr && !this.#final) return incomplete;
        this.#hit = hit - 1;
        this.#storeLast(base + cell, at, mark, base);
        if (cell < width) marks[base] = rowMark | mark;
        this.#passLineEnd(at);
        return cell + 1;
      } else if (kind === byteKind.quote) {
        if (at !== cellStart) mark |= unusual;
        else {
          hit = this.#quotedCell(hit, at);
          if (hit < 0) return hit;
          mark = this.#mark;
        }
      } else if (kind === byteKind.high) mark |= nonAscii;
    }
    if (!this.#final) return incomplete;
    this.#hit = count;
    this.position = this.#bytes.length;
    this.#storeLast(base + cell, this.position, mark, base);
    if (cell < width) marks[base] = rowMark | mark;
    return cell + 1;
  }

  #storeLast(slot: number, at: number, mark: number, base: number): void {
    this.rowEnd = at;
    if (slot - base >= this.#width) return;
    this.bounds[slot + 1] = at;
    this.marks[slot + 1] = mark;
  }

  /** From the hit after an opening quote to the hit after the closing one. */
  #quotedCell(first: number, opening: number): number {
    const bytes = this.#bytes;
    const { hits, count } = this.#index;
    const end = bytes.length;
    let mark: number = quoted;
    let needed = false;
    let lines = 0;
    let after = opening + 1;
    for (let hit = first; hit < count; hit++) {
      const packed = hits[hit] as number;
      const kind = packed & 7;
      const at = packed >> 3;
      if (at < after) continue;
      if (kind === byteKind.quote) {
        if (at + 1 < end && bytes[at + 1] === bytes[at]) {
          mark |= escaped;
          needed = true;
          after = at + 2;
          continue;
        }
        if (at + 1 === end && !this.#final) return incomplete;
        if (!needed || this.separatorLength > 1 || !this.#doubles) mark |= unusual;
        this.#mark = mark;
        return this.#closed(at + 1, lines) ?? hit + 1;
      }
      if (kind === byteKind.high) mark |= nonAscii;
      else if (kind === byteKind.escape) {
        if (at + 1 === end && !this.#final) return incomplete;
        if (bytes[at + 1] === bytes[opening] || bytes[at + 1] === bytes[at]) {
          mark |= escaped;
          after = at + 2;
        }
      } else {
        needed = true;
        if (kind === byteKind.lineEnd && (bytes[at] === lf || bytes[at + 1] !== lf)) lines++;
      }
    }
    return this.#final ? this.#broken('a quote is opened and never closed') : incomplete;
  }

  /** A closing quote must be followed by a separator, a line end or the end: undefined when it is. */
  #closed(after: number, lines: number): number | undefined {
    const bytes = this.#bytes;
    if (after < bytes.length && bytes[after] !== lf && bytes[after] !== cr) {
      const matches = this.#separatorAt(after);
      if (matches === undefined) return incomplete;
      if (!matches) return this.#broken('text follows a closing quote');
    }
    this.line += lines;
    return undefined;
  }

  /** Undefined: the bytes end before that can be told. */
  #separatorAt(at: number): boolean | undefined {
    const bytes = this.#bytes;
    const separator = this.#separator;
    for (let i = 0; i < separator.length; i++) {
      if (at + i >= bytes.length) return this.#final ? false : undefined;
      if (bytes[at + i] !== separator[i]) return false;
    }
    return true;
  }

  #starvedOrTooLong(): ScanStop {
    this.line = this.rowLine;
    this.position = this.rowStart;
    if (this.#bytes.length - this.rowStart <= maxRowBytes) return 'starved';
    this.problem = `it is longer than ${maxRowBytes / 1024 / 1024} MB; most often a quote was opened there and never closed`;
    if (this.#toNextLine() === incomplete) {
      this.rowEnd = this.#bytes.length;
      this.position = this.rowEnd;
      this.#hit = this.#index.count;
      this.#skipping = true;
    }
    return 'malformed';
  }

  /** Gives up the row that began at `rowStart`: the next one is looked for after its first physical line. */
  #broken(problem: string): typeof incomplete | typeof malformed {
    this.problem = this.line === this.rowLine ? problem : `${problem}; the quote opens in line ${this.line}`;
    return this.#toNextLine();
  }

  /** Moves behind the first physical line of the row; `incomplete` when its end is not among the bytes yet. */
  #toNextLine(): typeof incomplete | typeof malformed {
    const bytes = this.#bytes;
    let at = this.rowStart;
    while (at < bytes.length && bytes[at] !== lf && bytes[at] !== cr) at++;
    if (!this.#final && at + 1 >= bytes.length && bytes[at] !== lf) return incomplete;
    this.rowEnd = at;
    this.line = this.rowLine;
    this.#seek(at);
    if (at < bytes.length) this.#passLineEnd(at);
    else this.position = at;
    return malformed;
  }
}
