import { compileGet, type DataRecord, type JsonLines, parseFieldPath, type RecordError } from '#dataflow';
import { textOf } from './refused-records.ts';

const quote = 0x22;
const backslash = 0x5c;

export interface RefusedLine {
  position: number;
  record: DataRecord;
  error: RecordError;
}

type Refused = ReadonlyMap<string, RecordError>;

/**
 * The lines whose record has a refused key, in their order. Where the key is the first member of a line and a plain text, as it
 * mostly is, lines of other keys are not parsed; unless one of the refused keys is not found that way.
 */
export function refusedLines(lines: JsonLines, refused: Refused, recordKey: string): RefusedLine[] {
  const { key, parts } = parseFieldPath(recordKey);
  const found = parts ? [] : find(lines, refused, { recordKey, lead: Buffer.from(`{${JSON.stringify(key)}:"`) });
  return found.length < refused.size ? find(lines, refused, { recordKey, lead: undefined }) : found;
}

function find(lines: JsonLines, refused: Refused, { recordKey, lead }: { recordKey: string; lead: Uint8Array | undefined }): RefusedLine[] {
  const keyOf = compileGet(recordKey);
  const found: RefusedLine[] = [];
  for (let position = 0; position < lines.size; position++) {
    const text = lead && leadingText(lines.line(position), lead);
    if (text !== undefined && !refused.has(text)) continue;
    const record = lines.record(position);
    const value = keyOf(record);
    const error = value === undefined ? undefined : refused.get(textOf(value));
    if (error) found.push({ position, record, error });
  }
  return found;
}

/** The text of the first member when the line begins with `lead` and the text has nothing escaped. */
function leadingText(line: Uint8Array, lead: Uint8Array): string | undefined {
  for (let i = 0; i < lead.length; i++) if (line[i] !== lead[i]) return undefined;
  let end = lead.length;
  while (end < line.length && line[end] !== quote) if (line[end++] === backslash) return undefined;
  return Buffer.from(line.buffer, line.byteOffset + lead.length, end - lead.length).toString();
}
