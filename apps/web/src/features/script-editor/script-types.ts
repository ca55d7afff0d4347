/** What a custom script may use, told to the editor so that it completes and checks. */
export const scriptTypes = `
/** A customer account, a row, an event: plain JSON. */
type DataRecord = Record<string, any>;

interface ScriptContext {
  /** Id of the running job. */
  readonly jobId: string;
  /** Id of the dataflow. */
  readonly dataflowId: string;
  /** Id of this step. */
  readonly stepId: string;
  /** A value kept between records of this job, or undefined. */
  getSharedVariable(name: string): any;
  setSharedVariable(name: string, value: any): void;
}

/** Lines land in the job's trace; objects are written as JSON. */
interface ScriptLogger {
  debug(...values: any[]): void;
  info(...values: any[]): void;
  warn(...values: any[]): void;
  error(...values: any[]): void;
  log(...values: any[]): void;
}

interface SuccessPath {
  /** Sends a record on; may be called several times. Return null afterwards. */
  accept(record: DataRecord): void;
}

interface ErrorPath {
  /** Sends a record to the error path. Return null afterwards. */
  accept(record: DataRecord, original?: DataRecord): void;
}

/**
 * Called for each record. The returned object goes on; null or nothing filters the record out; a throw fails it.
 * With "notify last record" it is called once more at the end, with record null.
 */
type Process = (record: DataRecord, ctx: ScriptContext, logger: ScriptLogger, next: SuccessPath, error: ErrorPath) => DataRecord | null | undefined | void;

declare const logger: ScriptLogger;
declare const console: ScriptLogger;
`;
