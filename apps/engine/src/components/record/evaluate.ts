import { z } from 'zod';
import {
  type Batch,
  type DataRecord,
  decodeBase64Text,
  defineBatchTransformer,
  encodeBase64Text,
  isDataRecord,
  type Json,
  RecordError,
  type StepContext,
  type StepLog,
} from '#dataflow';
import { checkScript, openScript, type ScriptLogLine, type ScriptOutput, type ScriptSession } from '#scripting';

const script = z
  .string()
  .min(1)
  .superRefine((base64, ctx) => {
    const source = decodeBase64Text(base64);
    const message =
      source === undefined ? 'The script is not base64 of UTF-8 text; it may have been cut off.' : checkScript(source)?.message;
    if (message !== undefined) ctx.addIssue({ code: 'custom', message });
  })
  .meta({
    title: 'Script',
    help: 'JavaScript that declares process(record, ctx, logger, next, error). What it returns goes on; null filters the record out.',
    language: 'javascript',
    base64: true,
    source: 'doc',
  });

const params = z.object({
  script,
  ECMAScriptVersion: z.enum(['5.1', '12']).default('5.1').meta({
    title: 'ECMAScript version',
    help: 'The language level the script was written for. Both levels run on the same engine, so newer syntax works in either.',
    source: 'obs',
  }),
  notifyLastRecord: z.boolean().default(false).meta({
    title: 'Notify last record',
    help: 'Calls process once more after the last record, with null in its place, so that the script can emit what it collected.',
    source: 'obs',
  }),
});

type Context = StepContext<z.output<typeof params>>;

/** Batches on their way at once: one in the script, the others on their way to it or back. */
const inFlight = 4;

const example = (source: string, rest: DataRecord = {}): DataRecord => ({
  script: encodeBase64Text(source),
  ECMAScriptVersion: '12',
  ...rest,
});

export default defineBatchTransformer({
  type: 'record.evaluate',
  title: 'Custom script',
  summary: 'Runs JavaScript over each record.',
  notes: [
    '`process` is called for each record, in order, in one instance for the whole job; variables outside it keep their values. It returns the record that goes on, changed or new; `null` or nothing filters it out. `next.accept(record)` emits a record and may be called many times; `error.accept(newRecord, originalRecord)` sends one to the error path. A record for which the script throws goes to the error path as it came, and what the call had emitted before is dropped.',
    'Scripts of 2017, `process(record, next, ctx, logger)` with `record.getField(…)`, are told apart by the name of their second parameter.',
    '`ctx` has `jobId`, `dataflowId`, `stepId`, `getSharedVariable(name)` and `setSharedVariable(name, value)`, shared by all calls of this step. `logger` and `console` write to the trace.',
    'Both language levels run on a current JavaScript engine: scripts of 5.1 run unchanged, and newer syntax in them is not refused.',
  ].join('\n\n'),
  faults: [
    {
      when: 'The script throws on a record',
      effect: 'The record goes to the error path as it came, with message and line; what the call had emitted is dropped.',
      remedy: 'Test the script on such a record in the script editor.',
    },
    {
      when: 'A record takes too long',
      effect: 'It fails with code 400013; the third time in a job, the job fails.',
      remedy: 'Look for a loop that does not end or an expression that backtracks.',
    },
    {
      when: 'The script runs out of memory, or gives back too much',
      effect: 'The job fails with code 400013 and says which limit.',
      remedy: 'Collect less in variables outside `process`; emit records as they come.',
    },
    {
      when: 'The script is not JavaScript, or declares no `process`',
      effect: 'The dataflow is refused before the job starts, with line and column.',
      remedy: 'Mend it in the script editor.',
    },
  ],
  limits: [
    'A batch of up to 1,024 records may take 5 seconds and 20 ms for each record, hold 128 MB and give back 32 MB of JSON.',
    'No file, network, timer or module is in reach, and promises cannot be waited for. Clock and dates are UTC.',
    'Values cross as JSON: a date becomes text, `undefined` and functions are left out.',
  ],
  params,
  examples: [
    {
      title: 'Build a new record',
      params: example(
        "function process(record, ctx, logger, next) {\n  return { UID: record.UID, name: record.first + ' ' + record.last };\n}",
      ),
      input: [{ UID: 'u1', first: 'Ann', last: 'Berg' }],
      output: [{ UID: 'u1', name: 'Ann Berg' }],
    },
    {
      title: 'One record becomes many, and the last call emits a count',
      params: example(
        'var count = 0;\nfunction process(record, ctx, logger, next) {\n  if (record === null) return { count: count };\n  record.lists.split(",").forEach(function (list) {\n    count++;\n    next.accept({ UID: record.UID, list: list });\n  });\n  return null;\n}',
        { ECMAScriptVersion: '5.1', notifyLastRecord: true },
      ),
      input: [{ UID: 'u1', lists: 'a,b' }],
      output: [{ UID: 'u1', list: 'a' }, { UID: 'u1', list: 'b' }, { count: 2 }],
    },
    {
      title: 'Divert records without an e-mail address',
      params: example(
        "function process(record, ctx, logger, next, error) {\n  if (record.email) return record;\n  error.accept({ UID: record.UID, _errorDetails: { errorMessage: 'no e-mail' } }, record);\n  return null;\n}",
      ),
      input: [{ UID: 'u1', email: 'ann@example.com' }, { UID: 'u2' }],
      output: [{ UID: 'u1', email: 'ann@example.com' }],
      errors: [{ UID: 'u2', _errorDetails: { errorMessage: 'no e-mail' } }],
    },
  ],
  multiplies: true,
  async *transform(batches, ctx) {
    await using session = await openScript({
      source: decodeBase64Text(ctx.params.script) ?? '',
      ecmaVersion: ctx.params.ECMAScriptVersion,
      notifyLastRecord: ctx.params.notifyLastRecord,
      ctx: { jobId: ctx.job.id, dataflowId: ctx.job.dataflowId, stepId: ctx.step },
      signal: ctx.signal,
    });
    for await (const output of outputsOf(session, batches)) {
      report(output, ctx);
      // An empty batch still lets the runtime send on what was rejected.
      if (output.batch.size > 0 || output.failed.length > 0) yield output.batch;
    }
  },
});

/** The answers in the order of the batches. */
async function* outputsOf(session: ScriptSession, batches: AsyncIterable<Batch>): AsyncGenerator<ScriptOutput> {
  const waiting: Promise<ScriptOutput>[] = [];
  for await (const batch of batches) {
    const answer = session.processBatch(batch);
    // Awaited in its turn; a failure before then must not count as unhandled.
    answer.catch(() => undefined);
    waiting.push(answer);
    if (waiting.length >= inFlight) yield await (waiting.shift() as Promise<ScriptOutput>);
  }
  for (const answer of waiting) yield await answer;
  yield await session.finish();
}

function report({ failed, log }: ScriptOutput, ctx: Context): void {
  for (const line of log) writeLog(ctx.log, line);
  for (const { record, error } of failed)
    ctx.reject(record, new RecordError(own(record) ?? error.message, { code: error.code, details: placeOf(error) }));
}

const placeOf = ({ line, column }: { line?: number; column?: number }) => (line === undefined ? {} : { line, column: column ?? 1 });

/** The message a script wrote itself into a record it gave to `error.accept`. */
function own({ _errorDetails: details }: DataRecord): string | undefined {
  const message = isDataRecord(details) ? details.errorMessage : undefined;
  return typeof message === 'string' && message !== '' ? message : undefined;
}

/** Leading texts and numbers become the message, what follows is data: `logger.info('Input', record)`. */
function writeLog(log: StepLog, { level, args }: ScriptLogLine): void {
  const at = args.findIndex((arg) => typeof arg === 'object' && arg !== null);
  const words = at < 0 ? args : args.slice(0, at);
  const data: Json[] = at < 0 ? [] : args.slice(at);
  log[level](words.map(String).join(' '), ...data);
}
