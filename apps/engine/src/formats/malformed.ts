import { type DataRecord, type FlowFile, RecordError } from '#dataflow';

/** What a parser could not turn into a record. */
export interface Malformed {
  line: number;
  raw: string;
  problem: string;
}

interface Reporting {
  reject(record: DataRecord, error: unknown): void;
  log: { warn(message: string, ...data: unknown[]): void };
}

/** Lines named in the log for one file; the error path has them all. */
const loggedRows = 20;

/**
 * Sends what could not be read to the error path as `{ _file, _line, _raw }`, one by one. The error's text is the same for equal
 * faults, so that they are counted together; the lines of the first 20 are logged.
 */
export function rejectMalformed(ctx: Reporting, file: FlowFile, thing: 'row' | 'element'): (found: Malformed) => void {
  let count = 0;
  return ({ line, raw, problem }) => {
    count++;
    if (count <= loggedRows) ctx.log.warn(`Line ${line} of ${file.name} cannot be read: ${problem}.`);
    if (count === loggedRows) ctx.log.warn(`More such lines of ${file.name} are only counted here; the error path has them all.`);
    ctx.reject(
      { _file: file.name, _line: line, _raw: raw },
      new RecordError(`A ${thing === 'row' ? 'row' : 'JSON element'} of ${file.name} cannot be read: ${problem}.`, {
        code: 'malformedFile',
        details: { file: file.name, line },
      }),
    );
  };
}
