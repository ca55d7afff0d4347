import type { Json } from '#dataflow';
import { ByteWriter } from './byte-writer.ts';
import { cellMark } from './row-scanner.ts';
import type { DsvRows } from './rows.ts';

/** One value of each row. */
interface Member {
  /** What stands before it: the comma and, in an object, the name. */
  lead: Uint8Array;
  /** The same with the quote a text begins with. */
  textLead: Uint8Array;
  /** The cell whose bytes are the value, or undefined when the value has to be read. */
  cell: number | undefined;
  /** Undefined: this row has no such field. */
  read: (row: number) => Json | undefined;
}

const bytes = (text: string): Uint8Array => Buffer.from(text);
const [comma, lineFeed] = [bytes(','), bytes('\n')];
const [listStart, listEnd, objectStart, objectEnd] = [bytes('['), bytes(']'), bytes('{'), bytes('}')];
const quote = 0x22;

/** Bytes that cannot stand in a JSON text as they are. */
const special = new Uint8Array(256).fill(1, 0, 0x20);
special[0x22] = 1;
special[0x5c] = 1;

/** A JSON list with one object for each row. Cells are copied as bytes where JSON writes them the same. */
export function rowsToJson(rows: DsvRows): Uint8Array {
  const members = membersOf(rows, (name) => `,${JSON.stringify(name)}:`);
  const out = writerFor(rows, members);
  for (let i = 0; i < rows.size; i++) {
    out.bytes(comma);
    writeObject(out, rows, members, rows.rowAt(i));
  }
  return asList(out);
}

/** One JSON object for each row, each on a line of its own. */
export function rowsToJsonLines(rows: DsvRows): Uint8Array {
  const members = membersOf(rows, (name) => `,${JSON.stringify(name)}:`);
  const out = writerFor(rows, members);
  for (let i = 0; i < rows.size; i++) {
    writeObject(out, rows, members, rows.rowAt(i));
    out.bytes(lineFeed);
  }
  return out.take();
}

function writeObject(out: ByteWriter, rows: DsvRows, members: readonly Member[], row: number): void {
  const start = out.length;
  for (let i = 0; i < members.length; i++) writeMember(out, rows, members[i] as Member, row);
  // Every member begins with a comma; that of the first one makes room for the brace.
  if (out.length === start) out.bytes(objectStart);
  else out.set(start, objectStart);
  out.bytes(objectEnd);
}

/** The values of all columns, row after row, as one JSON list; undefined when a row lacks one. */
export function valuesToJson(rows: DsvRows): Uint8Array | undefined {
  const members = membersOf(rows, () => ',');
  const out = writerFor(rows, members);
  for (let i = 0; i < rows.size; i++) {
    for (const member of members) if (!writeMember(out, rows, member, rows.rowAt(i))) return undefined;
  }
  return asList(out);
}

/** Entries with a comma before each, as a list: the first comma makes room for the bracket. */
function asList(out: ByteWriter): Uint8Array {
  if (out.length === 0) out.bytes(listStart);
  else out.set(0, listStart);
  out.bytes(listEnd);
  return out.take();
}

function membersOf(rows: DsvRows, leadOf: (name: string) => string): Member[] {
  const readers = rows.cellReaders(rows.columns);
  return rows.columns.map((column, i) => ({
    lead: bytes(leadOf(column.name)),
    textLead: bytes(`${leadOf(column.name)}"`),
    cell: 'cell' in column && !rows.block.inferTypes ? column.cell : undefined,
    read: readers[i] as Member['read'],
  }));
}

/** False when the row has no such field; nothing is written then. */
function writeMember(out: ByteWriter, { block }: DsvRows, { lead, textLead, cell, read }: Member, row: number): boolean {
  if (cell !== undefined) {
    const { bounds, marks, stride, separatorLength } = block;
    const slot = row * stride + cell;
    const mark = marks[slot + 1] as number;
    const inQuotes = mark & cellMark.quoted ? 1 : 0;
    const start = (bounds[slot] as number) + separatorLength + inQuotes;
    const end = (bounds[slot + 1] as number) - inQuotes;
    if ((mark & cellMark.escaped) === 0 && out.enclose(textLead, { start, end, close: quote }, special)) return true;
  }
  const value = read(row);
  if (value === undefined) return false;
  out.bytes(lead);
  out.text(JSON.stringify(value));
  return true;
}

function writerFor({ block, span, size }: DsvRows, members: readonly Member[]): ByteWriter {
  return new ByteWriter(span.end - span.start + size * members.reduce((sum, { lead }) => sum + lead.length + 2, 4) + 2, block.bytes);
}
