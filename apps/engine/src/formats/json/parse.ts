import { isUtf8 } from 'node:buffer';
import { Batch, type DataRecord, FatalError, JsonLines } from '#dataflow';
import { isObjectText } from './is-object-text.ts';
import { maxNesting, tooDeep } from './nesting.ts';
import { isGap, valueEnd } from './value-end.ts';

export interface JsonParseOptions {
  /** For error texts. */
  fileName: string;
  /** The field of the outermost object that holds the list of records; without it an outermost object is a record. */
  wrapField?: string | undefined;
  /** Called for each element that is no record; parsing goes on after it. */
  onMalformed(element: MalformedElement): void;
  /** Chunks are joined until they have this many bytes (default 64 KiB). */
  gatherBytes?: number;
}

/** An element that is not JSON, or not an object. */
export interface MalformedElement {
  /** Line where it begins; the first line is 1. */
  line: number;
  /** Its text, at most 10,000 characters. */
  raw: string;
  /** What is wrong: continues "An element of a.json cannot be read: ". */
  problem: string;
}

const recordsPerBatch = 256;
/** Lines are not parsed, so more of them are as light. */
const linesPerBatch = 1024;
const rawLimit = 10_000;
/** Most bytes of one element. */
const maxElementBytes = 64 * 1024 * 1024;

const brace = 0x7b;
const bracket = 0x5b;
const newline = 0x0a;

/**
 * JSON text to records, up to 256 at a time, or up to 1,024 that stay lines of text: a list of objects, one object, an object around a list (`wrapField`), or objects one after the
 * other, each on a line of its own or not. Reads element by element, so memory does not grow with the file. Commas between elements
 * may be missing or doubled. Throws a FatalError where no next element can be found: the text ends early, or goes on after the list.
 */
export async function* parseJson(chunks: AsyncIterable<Uint8Array>, options: JsonParseOptions): AsyncGenerator<Batch, void, undefined> {
  const parser = new JsonParser(options);
  const gatherBytes = options.gatherBytes ?? 65_536;
  let pending: Uint8Array[] = [];
  let size = 0;
  let needed = gatherBytes;
  for await (const chunk of chunks) {
    pending.push(chunk);
    size += chunk.length;
    if (size < needed) continue;
    const bytes = Buffer.concat(pending);
    yield* parser.read(bytes, false);
    const rest = bytes.subarray(parser.position);
    if (rest.length > maxElementBytes) throw parser.failure(`the element there is longer than ${maxElementBytes / 1024 / 1024} MB`);
    pending = rest.length === 0 ? [] : [rest];
    size = rest.length;
    needed = Math.max(gatherBytes, Math.min(rest.length * 2, maxElementBytes + gatherBytes));
  }
  yield* parser.read(Buffer.concat(pending), true);
  parser.end();
}

/**
 * `start`: nothing seen. `wrapper`: inside the outermost object, before its wrapField. `list`: between elements of a list.
 * `values`: between objects that follow each other. `lines`: the same, one on each line. `rest`: behind the list.
 * `unread`: behind a list in an object, the rest of which nobody asked for.
 */
type Phase = 'start' | 'wrapper' | 'list' | 'values' | 'lines' | 'rest' | 'unread';

class JsonParser {
  /** Where the next element begins in the bytes read last. */
  position = 0;
  readonly #options: JsonParseOptions;
  #phase: Phase = 'start';
  #bytes: Buffer = Buffer.alloc(0);
  #final = false;
  #utf8 = true;
  #wrapped = false;
  /** Line of the first byte. */
  #line = 1;
  #records: DataRecord[] = [];

  constructor(options: JsonParseOptions) {
    this.#options = options;
  }

  *read(bytes: Buffer, final: boolean): Generator<Batch, void, undefined> {
    this.#line += countLines(this.#bytes, this.position);
    this.#bytes = bytes;
    this.#final = final;
    this.position = 0;
    this.#utf8 = isUtf8(bytes);
    for (;;) {
      const lines = this.#phase === 'lines' ? this.#readLines() : undefined;
      if (lines && this.#records.length > 0) yield this.#takeRecords();
      if (lines) yield Batch.ofLines(lines);
      else if (!this.#step()) break;
      else if (this.#records.length >= recordsPerBatch) yield this.#takeRecords();
    }
    if (this.#records.length > 0) yield this.#takeRecords();
  }

  #takeRecords(): Batch {
    const records = this.#records;
    this.#records = [];
    return Batch.of(records);
  }

  /** As many lines from here on as are surely objects, closed by a line feed and nothing else. They are passed on as they are. */
  #readLines(): JsonLines | undefined {
    const bytes = this.#bytes;
    const first = this.position;
    if (!this.#utf8) return undefined;
    const starts = [0];
    for (let start = first; starts.length <= linesPerBatch; ) {
      const end = bytes.indexOf(newline, start);
      if (end === -1 || !isObjectText(bytes, start, end)) break;
      start = end + 1;
      starts.push(start - first);
    }
    if (starts.length === 1) return undefined;
    this.position = first + (starts.at(-1) as number);
    return JsonLines.at(bytes.subarray(first, this.position), starts);
  }

  /** Fails when the text ends where it must not. */
  end(): void {
    if (this.#phase === 'list') throw this.failure('the text ends before the list is closed; the file may be cut off');
    if (this.#phase === 'wrapper') throw this.failure(`the text ends before a list in ${this.#options.wrapField} is found`);
    if (this.position < this.#bytes.length) throw this.failure('the text ends inside the element there; the file may be cut off');
  }

  failure(problem: string): FatalError {
    const { fileName } = this.#options;
    const line = this.#lineAt(this.position);
    return new FatalError(`${fileName} cannot be read from line ${line} on: ${problem}.`, {
      code: 'malformedFile',
      details: { file: fileName, line },
    });
  }

  /** Does one thing at `position`; false when more bytes are needed, or there is nothing left. */
  #step(): boolean {
    if (this.#phase === 'lines') return this.#readLine();
    if (this.#phase === 'unread') this.position = this.#bytes.length;
    const bytes = this.#bytes;
    while (isGap(bytes[this.position])) this.position++;
    if (this.position >= bytes.length) return false;
    if (this.#phase === 'start') return this.#begin();
    if (this.#phase === 'wrapper') return this.#readWrapper();
    if (this.#phase === 'rest') throw this.failure('other text follows the end of the list');
    if (this.#phase === 'list' && bytes[this.position] === 0x5d) {
      this.position++;
      this.#phase = this.#wrapped ? 'unread' : 'rest';
      return true;
    }
    return this.#readElement();
  }

  #begin(): boolean {
    const bytes = this.#bytes;
    if (bytes[0] === 0xef && this.position === 0) {
      if (bytes.length < 3 && !this.#final) return false;
      if (bytes[1] === 0xbb && bytes[2] === 0xbf) this.position = 3;
      if (this.position === 3) return this.#step();
    }
    const first = bytes[this.position];
    if (first === bracket) {
      this.position++;
      this.#phase = 'list';
      return true;
    }
    if (this.#options.wrapField !== undefined && first === brace) {
      this.position++;
      this.#phase = 'wrapper';
      return true;
    }
    return this.#readFirst();
  }

  /** The first of objects that follow each other tells whether each has a line of its own. */
  #readFirst(): boolean {
    const bytes = this.#bytes;
    const end = valueEnd(bytes, this.position, this.#final);
    if (end === -1) {
      if (!this.#final || !this.#looksLikeLines()) return false;
      this.#phase = 'lines';
      return true;
    }
    let after = end;
    while (bytes[after] === 0x20 || bytes[after] === 0x0d || bytes[after] === 0x09) after++;
    if (after >= bytes.length && !this.#final) return false;
    const ownLine = (after >= bytes.length || bytes[after] === newline) && !bytes.subarray(this.position, end).includes(newline);
    this.#phase = ownLine ? 'lines' : 'values';
    return true;
  }

  /** The second line begins with an object, as it would not inside one. */
  #looksLikeLines(): boolean {
    const end = this.#bytes.indexOf(newline, this.position);
    return end !== -1 && this.#bytes[end + 1] === brace;
  }

  #readLine(): boolean {
    const bytes = this.#bytes;
    const start = this.position;
    if (start >= bytes.length) return false;
    let end = bytes.indexOf(newline, start);
    if (end === -1) {
      if (!this.#final) return false;
      end = bytes.length;
    }
    this.#add(start, end);
    this.position = Math.min(end + 1, bytes.length);
    return true;
  }

  #readElement(): boolean {
    const end = valueEnd(this.#bytes, this.position, this.#final);
    if (end === -1) return false;
    this.#add(this.position, end);
    this.position = end;
    return true;
  }

  /** One key of the outermost object: a list under wrapField is gone into, every other value passed over. */
  #readWrapper(): boolean {
    const bytes = this.#bytes;
    const { wrapField } = this.#options;
    if (bytes[this.position] !== 0x22) throw this.failure(`there is no list in the field ${wrapField}`);
    const keyEnd = valueEnd(bytes, this.position, this.#final);
    if (keyEnd === -1) return false;
    let at = keyEnd;
    while (at < bytes.length && (isGap(bytes[at]) || bytes[at] === 0x3a)) at++;
    if (at >= bytes.length) return false;
    const key = this.#decode(this.position, keyEnd);
    if (key === `"${wrapField}"` || tryParse(key) === wrapField) {
      if (bytes[at] !== bracket) throw this.failure(`the field ${wrapField} holds no list`);
      this.position = at + 1;
      this.#phase = 'list';
      this.#wrapped = true;
      return true;
    }
    const end = valueEnd(bytes, at, this.#final);
    if (end === -1) return false;
    this.position = end;
    return true;
  }

  #add(start: number, end: number): void {
    const bytes = this.#bytes;
    if (!this.#utf8 && !isUtf8(bytes.subarray(start, end))) {
      this.#report(start, end, 'it has bytes that are not UTF-8');
      return;
    }
    if (tooDeep(bytes, start, end)) {
      this.#report(start, end, `it is nested deeper than ${maxNesting} levels`);
      return;
    }
    const text = this.#decode(start, end);
    try {
      const value: unknown = JSON.parse(text);
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) this.#records.push(value as DataRecord);
      else this.#report(start, end, `it is ${Array.isArray(value) ? 'a list' : `the value ${text.slice(0, 40)}`}, not an object`);
    } catch {
      if (text.trim() !== '') this.#report(start, end, 'it is not valid JSON');
    }
  }

  #decode(start: number, end: number): string {
    return this.#bytes.toString('utf8', start, end);
  }

  #report(start: number, end: number, problem: string): void {
    const raw = this.#bytes.toString('utf8', start, Math.min(end, start + rawLimit * 4)).slice(0, rawLimit);
    this.#options.onMalformed({ line: this.#lineAt(start), raw: raw.trimEnd(), problem });
  }

  #lineAt(position: number): number {
    return this.#line + countLines(this.#bytes, position);
  }
}

function tryParse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function countLines(bytes: Buffer, end: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(newline); at !== -1 && at < end; at = bytes.indexOf(newline, at + 1)) lines++;
  return lines;
}
