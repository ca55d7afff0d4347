import type { DataRecord } from './json.ts';

const lineFeed = 10;
const [listStart, listEnd, comma] = [0x5b, 0x5d, 0x2c];
const [objectStart, objectEnd] = [0x7b, 0x7d];

/** Records that nobody has needed as objects yet: UTF-8 text, one JSON object on each line, each line closed by a line feed. */
export class JsonLines {
  readonly bytes: Uint8Array;
  /** Where each line begins, and behind them where the last one ends. */
  readonly #starts: readonly number[];

  private constructor(bytes: Uint8Array, starts: readonly number[]) {
    this.bytes = bytes;
    this.#starts = starts;
  }

  /** Throws a TypeError when a line is no object by its first and last character; the text between is looked at when it is parsed. */
  static of(bytes: Uint8Array): JsonLines {
    const starts = [0];
    let start = 0;
    while (start < bytes.length) {
      const end = bytes.indexOf(lineFeed, start);
      if (end < start + 2 || bytes[start] !== objectStart || bytes[end - 1] !== objectEnd) throw new TypeError('A line is not a record.');
      start = end + 1;
      starts.push(start);
    }
    return new JsonLines(bytes, starts);
  }

  /** Lines known to be objects; `starts` tells where each one begins, and behind them where the last one ends. */
  static at(bytes: Uint8Array, starts: readonly number[]): JsonLines {
    return new JsonLines(bytes, starts);
  }

  /** All lines of several, one after the other. */
  static join(parts: readonly JsonLines[]): JsonLines {
    const [only] = parts;
    if (only && parts.length === 1) return only;
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.bytes.length, 0));
    const starts = [0];
    let at = 0;
    for (const part of parts) {
      bytes.set(part.bytes, at);
      for (let i = 1; i <= part.size; i++) starts.push(at + (part.#starts[i] as number));
      at += part.bytes.length;
    }
    return new JsonLines(bytes, starts);
  }

  /** The bytes of one line, without its line feed. */
  line(position: number): Uint8Array {
    return this.bytes.subarray(this.#starts[position], (this.#starts[position + 1] as number) - 1);
  }

  /** Those at the positions left out, which are in ascending order. */
  without(positions: readonly number[]): JsonLines {
    const parts = [...positions, this.size].map((position, i) => this.slice(i === 0 ? 0 : (positions[i - 1] as number) + 1, position));
    return JsonLines.join(parts.filter((part) => part.size > 0));
  }

  get size(): number {
    return this.#starts.length - 1;
  }

  /** Lines `start` to `end` (exclusive). Shares the bytes. */
  slice(start: number, end: number): JsonLines {
    const starts = this.#starts.slice(start, end + 1);
    const from = starts[0] ?? 0;
    return starts.length === 0
      ? new JsonLines(new Uint8Array(0), [0])
      : new JsonLines(
          this.bytes.subarray(from, starts.at(-1)),
          starts.map((at) => at - from),
        );
  }

  /** The same records as one JSON list. */
  toJson(): Uint8Array {
    if (this.size === 0) return Uint8Array.of(listStart, listEnd);
    const list = new Uint8Array(this.bytes.length + 1);
    list[0] = listStart;
    list.set(this.bytes, 1);
    for (const start of this.#starts) list[start] = comma;
    list[0] = listStart;
    list[list.length - 1] = listEnd;
    return list;
  }

  /** The record on one line. */
  record(position: number): DataRecord {
    return JSON.parse(new TextDecoder().decode(this.line(position))) as DataRecord;
  }

  toRecords(): DataRecord[] {
    return JSON.parse(new TextDecoder().decode(this.toJson())) as DataRecord[];
  }
}
