import { compileGet, isDataRecord, type Json, RecordError } from '#dataflow';

/** Where an answer lists the records it refused, and how they are recognized. */
export interface RefusalList {
  /** Path of the list in the answer; `.` when the answer itself is the list. */
  failuresPath: string;
  /** Field of an entry that names the record; entries that are plain values name it themselves. */
  failureKey: string;
  /** Field of the record that holds the same value. */
  recordKey: string;
  codeField: string;
  messageField: string;
}

/** Reads the refused records of an answer: value of the record key to the error of that record. */
export function refusalReader({
  failuresPath,
  failureKey,
  codeField,
  messageField,
}: RefusalList): (answer: Json) => Map<string, RecordError> {
  const listOf = failuresPath === '.' ? undefined : compileGet(failuresPath);
  const [key, code, message] = [failureKey, codeField, messageField].map(compileGet);
  // Many records are refused for the same reason; an error with its stack trace is costly to make.
  const errors = new Map<string, RecordError>();
  const errorOf = (entry: Json): RecordError => {
    const [given, said] = isDataRecord(entry) ? [code?.(entry), message?.(entry)] : [];
    const reason = JSON.stringify([given, said]);
    const known = errors.get(reason) ?? newError(given, said);
    if (errors.size < 1000) errors.set(reason, known);
    return known;
  };
  return (answer) => {
    const list = listOf ? (isDataRecord(answer) ? listOf(answer) : undefined) : answer;
    const refused = new Map<string, RecordError>();
    if (!Array.isArray(list)) return refused;
    for (const entry of list) {
      const named = isDataRecord(entry) ? key?.(entry) : entry;
      if (named === undefined || named === null) continue;
      refused.set(textOf(named), errorOf(entry));
    }
    return refused;
  };
}

export const textOf = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));

function newError(code: Json | undefined, message: Json | undefined): RecordError {
  const number = typeof code === 'number' ? code : typeof code === 'string' && /^\d{1,9}$/.test(code) ? Number(code) : undefined;
  const text =
    typeof message === 'string' && message !== ''
      ? message
      : `The target refused the record${code === undefined || code === null ? '' : ` with code ${textOf(code)}`}.`;
  return new RecordError(text, { code: number ?? 'targetRefused' });
}
