import type { z } from 'zod';
import type { Batch, RowColumn } from './batch.ts';
import type { FlowFile } from './file.ts';
import type { JobInfo, SiteCredentials } from './job.ts';
import type { DataRecord, Json } from './json.ts';
import type { JsonLines } from './json-lines.ts';

/** What passes along an arrow. */
export type Flow = 'records' | 'files';

/** Writes to the job's trace under the step's name. Extra values are shown as JSON in the Data column. */
export interface StepLog {
  error(message: string, ...data: unknown[]): void;
  warn(message: string, ...data: unknown[]): void;
  info(message: string, ...data: unknown[]): void;
  debug(message: string, ...data: unknown[]): void;
}

/** What the operator of this machine lets components reach. Each throws a FatalError (`notAllowed`) that says what to change. */
export interface Access {
  /** Absolute path of a local folder or file a component may use. */
  localPath(path: string): string;
  /** Refuses loopback, link-local and private targets unless the operator allows them. Called with every resolved address. */
  address(host: string, address: string): void;
}

/** Everything a step gets; nothing global. */
export interface StepContext<P = unknown, C = unknown> {
  readonly step: string;
  readonly params: P;
  /** What `connect` returned; opened before the first call, closed when the step ends. */
  readonly connection: C;
  readonly job: JobInfo;
  readonly site: SiteCredentials | undefined;
  readonly access: Access;
  readonly signal: AbortSignal;
  readonly log: StepLog;
  /** Folder for spooled data of this job, removed at its end. */
  readonly spoolFolder: string;
  /** Sends a record to the error path, fields as they entered the step; `_errorDetails` is added by the runtime. */
  reject(record: DataRecord, error: unknown): void;
  /** Tells the expected number of records or files of this reader, once known. */
  expect(total: number): void;
  /** Replaces `${now…}`, `${jobId}`, `${apiKey}` in a text parameter. */
  fill(text: string): string;
}

/** What `connect` may use. */
export type ConnectContext = Pick<StepContext, 'step' | 'job' | 'site' | 'access' | 'signal' | 'log'>;

/** An open way to a system. */
export interface Connection extends AsyncDisposable {
  /** Proves that the settings work (login, folder, permission), or throws an error that says why not. */
  test(): Promise<string>;
}

export interface Example {
  title: string;
  params: DataRecord;
  /** For steps that take records. */
  input?: DataRecord[];
  /** For steps that emit records. */
  output?: DataRecord[];
  /** For steps that take or emit files: name to text content. */
  inputFiles?: Record<string, string>;
  outputFiles?: Record<string, string>;
  /** Records that end on the error path, with `_errorDetails`. */
  errors?: DataRecord[];
}

/** What can go wrong at a component in use, for its reference page. */
export interface Fault {
  /** What a person sees: "Host key changed", "Unknown list (404)". */
  when: string;
  /** What happens then: the record goes to the error path, the job fails, the call is repeated. */
  effect: string;
  /** What to do about it. */
  remedy: string;
}

type ParamsOf<S extends z.ZodObject> = z.output<S>;

/** Said once for each component; validation, defaults, form, palette, reference page, CLI help and masking come from it. */
export interface ComponentSpec<S extends z.ZodObject = z.ZodObject> {
  /** The id in dataflows. The file's path under `components/` is the same. */
  type: string;
  /** Other spellings of the id found in stored flows. */
  aliases?: readonly string[];
  title: string;
  /** One line for the palette. */
  summary: string;
  /** Markdown for the reference page: how it works, choices made where the original is not known. */
  notes?: string;
  /** Most likely first. A step without connection and without failing records may have none. */
  faults?: readonly Fault[];
  /** Sizes, rates and cases it does not handle, one sentence each. */
  limits?: readonly string[];
  params: S;
  examples: readonly Example[];
}

/** What the same record written twice does at the target. */
export type Delivery = 'idempotent-by-key' | 'idempotent-by-token' | 'at-least-once' | 'published-once';

interface Connects<S extends z.ZodObject, C extends Connection> {
  /** Opens what `ctx.connection` holds. Lazy: called once per step, before its first use. */
  connect?(params: ParamsOf<S>, ctx: ConnectContext): Promise<C>;
}

/** One thing a reader hands on, and from where a later run could go on. */
export interface ReadItem<T> {
  item: T;
  /** Opaque to the runtime, JSON; given back as the start position on resume. */
  position?: Json;
}

export interface RecordReader<S extends z.ZodObject = z.ZodObject, C extends Connection = Connection>
  extends ComponentSpec<S>,
    Connects<S, C> {
  kind: 'reader';
  emits: 'records';
  read(ctx: StepContext<ParamsOf<S>, C>): AsyncIterable<ReadItem<Batch>>;
}

export interface FileReader<S extends z.ZodObject = z.ZodObject, C extends Connection = Connection>
  extends ComponentSpec<S>,
    Connects<S, C> {
  kind: 'reader';
  emits: 'files';
  read(ctx: StepContext<ParamsOf<S>, C>): AsyncIterable<ReadItem<FlowFile>>;
}

export interface Lookup<S extends z.ZodObject = z.ZodObject, C extends Connection = Connection> extends ComponentSpec<S>, Connects<S, C> {
  kind: 'lookup';
  /** True when one record may become many or none without failing, so that output is not compared with input. */
  multiplies?: boolean;
  /** Most records in one call, and calls at a time. */
  batchSize?(params: ParamsOf<S>): number;
  concurrency?(params: ParamsOf<S>): number;
  /** Returns the records that go on; the others were rejected. */
  lookup(records: DataRecord[], ctx: StepContext<ParamsOf<S>, C>): Promise<DataRecord[]>;
}

/** Over one record, in place or new; undefined filters it out; throwing fails it, and then it must be left as it came. */
export type RecordFunction = (record: DataRecord) => DataRecord | undefined;

/** Rewrites the column list of undecoded rows, or returns undefined when it needs the records. */
export type ColumnFunction = (columns: readonly RowColumn[]) => readonly RowColumn[] | undefined;

export interface CompileContext {
  job: JobInfo;
  fill(text: string): string;
}

export interface RecordTransformer<S extends z.ZodObject = z.ZodObject> extends ComponentSpec<S> {
  kind: 'record-transformer';
  compile(params: ParamsOf<S>, ctx: CompileContext): RecordFunction;
  /**
   * For steps that change no record and only decide whether it goes on: the keys they look at. Of undecoded rows only those
   * are decoded.
   */
  keysOfFilter?(params: ParamsOf<S>): readonly string[];
  /** Same meaning as `compile`, on column lists. */
  compileColumns?(params: ParamsOf<S>, ctx: CompileContext): ColumnFunction;
}

export interface BatchTransformer<S extends z.ZodObject = z.ZodObject, C extends Connection = Connection>
  extends ComponentSpec<S>,
    Connects<S, C> {
  kind: 'batch-transformer';
  /** True when one record may become many or none without failing, so that output is not compared with input. */
  multiplies?: boolean;
  transform(batches: AsyncIterable<Batch>, ctx: StepContext<ParamsOf<S>, C>): AsyncIterable<Batch>;
}

export interface Parser<S extends z.ZodObject = z.ZodObject> extends ComponentSpec<S> {
  kind: 'parser';
  parse(file: FlowFile, ctx: StepContext<ParamsOf<S>>): AsyncIterable<Batch>;
}

export interface Formatter<S extends z.ZodObject = z.ZodObject> extends ComponentSpec<S> {
  kind: 'formatter';
  /** Yields each file as soon as it has a first byte; the file's `read` pulls the batches. A file must be read to its end before the next is asked for. */
  format(batches: AsyncIterable<Batch>, ctx: StepContext<ParamsOf<S>>): AsyncIterable<FlowFile>;
}

export interface FileTransformer<S extends z.ZodObject = z.ZodObject> extends ComponentSpec<S> {
  kind: 'file-transformer';
  /** Yields the files made of one; each must be read to its end before the next is asked for. */
  transform(file: FlowFile, ctx: StepContext<ParamsOf<S>>): AsyncIterable<FlowFile>;
}

export interface RecordWriter<S extends z.ZodObject = z.ZodObject, C extends Connection = Connection>
  extends ComponentSpec<S>,
    Connects<S, C> {
  kind: 'writer';
  accepts: 'records';
  delivery: Delivery;
  /** Most records in one call (default 256), and calls at a time (default 1). */
  batchSize?(params: ParamsOf<S>): number;
  concurrency?(params: ParamsOf<S>): number;
  /** Returns the records that were written, which go on by `next`; the others were rejected. */
  write(records: DataRecord[], ctx: StepContext<ParamsOf<S>, C>): Promise<DataRecord[]>;
  /** The same for JSON lines that nobody has parsed yet; undefined, with nothing done, when these params need records. */
  writeLines?(lines: JsonLines, ctx: StepContext<ParamsOf<S>, C>): Promise<Batch> | undefined;
}

export interface FileWriter<S extends z.ZodObject = z.ZodObject, C extends Connection = Connection>
  extends ComponentSpec<S>,
    Connects<S, C> {
  kind: 'writer';
  accepts: 'files';
  delivery: Delivery;
  /** Resolves when the file stands complete under its final name; on failure nothing stands there. */
  write(file: FlowFile, ctx: StepContext<ParamsOf<S>, C>): Promise<void>;
}

/** The engine's view of any component. Methods, not function properties, so that a component of any parameter shape fits. */
export type Component =
  | RecordReader
  | FileReader
  | Lookup
  | RecordTransformer
  | BatchTransformer
  | Parser
  | Formatter
  | FileTransformer
  | RecordWriter
  | FileWriter;

export type ComponentKind = Component['kind'];

export const defineRecordReader = <S extends z.ZodObject, C extends Connection = Connection>(
  c: Omit<RecordReader<S, C>, 'kind' | 'emits'>,
): RecordReader<S, C> => ({ kind: 'reader', emits: 'records', ...c });
export const defineFileReader = <S extends z.ZodObject, C extends Connection = Connection>(
  c: Omit<FileReader<S, C>, 'kind' | 'emits'>,
): FileReader<S, C> => ({ kind: 'reader', emits: 'files', ...c });
export const defineLookup = <S extends z.ZodObject, C extends Connection = Connection>(c: Omit<Lookup<S, C>, 'kind'>): Lookup<S, C> => ({
  kind: 'lookup',
  ...c,
});
export const defineRecordTransformer = <S extends z.ZodObject>(c: Omit<RecordTransformer<S>, 'kind'>): RecordTransformer<S> => ({
  kind: 'record-transformer',
  ...c,
});
export const defineBatchTransformer = <S extends z.ZodObject, C extends Connection = Connection>(
  c: Omit<BatchTransformer<S, C>, 'kind'>,
): BatchTransformer<S, C> => ({ kind: 'batch-transformer', ...c });
export const defineParser = <S extends z.ZodObject>(c: Omit<Parser<S>, 'kind'>): Parser<S> => ({ kind: 'parser', ...c });
export const defineFormatter = <S extends z.ZodObject>(c: Omit<Formatter<S>, 'kind'>): Formatter<S> => ({ kind: 'formatter', ...c });
export const defineFileTransformer = <S extends z.ZodObject>(c: Omit<FileTransformer<S>, 'kind'>): FileTransformer<S> => ({
  kind: 'file-transformer',
  ...c,
});
export const defineRecordWriter = <S extends z.ZodObject, C extends Connection = Connection>(
  c: Omit<RecordWriter<S, C>, 'kind' | 'accepts'>,
): RecordWriter<S, C> => ({ kind: 'writer', accepts: 'records', ...c });
export const defineFileWriter = <S extends z.ZodObject, C extends Connection = Connection>(
  c: Omit<FileWriter<S, C>, 'kind' | 'accepts'>,
): FileWriter<S, C> => ({ kind: 'writer', accepts: 'files', ...c });

/** What a component takes and gives, derived from its kind. Undefined: nothing (an entry or an end point). */
export function flowsOf(component: Component): { input: Flow | undefined; output: Flow | undefined } {
  switch (component.kind) {
    case 'reader':
      return { input: undefined, output: component.emits };
    case 'parser':
      return { input: 'files', output: 'records' };
    case 'formatter':
      return { input: 'records', output: 'files' };
    case 'file-transformer':
      return { input: 'files', output: 'files' };
    case 'writer':
      return { input: component.accepts, output: component.accepts === 'records' ? 'records' : undefined };
    default:
      return { input: 'records', output: 'records' };
  }
}
