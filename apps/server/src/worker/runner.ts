import { components, findComponent } from '@idsync/engine/components';
import {
  type Connection,
  type DataflowDocument,
  errorText,
  lookupOfComponents,
  mapSecrets,
  readParams,
  type TraceLine,
} from '@idsync/engine/dataflow';
import { redactor, restrictedAccess, runDataflow } from '@idsync/engine/runtime';
import type { FromRunner, ToRunner } from './messages.ts';

/**
 * The engine process of one job: told over IPC what to run, tells over IPC how it goes, and ends. It has no environment, no
 * database and no listening port. When its worker dies the channel closes, and it ends at once, so that a job never runs on
 * unseen while another worker has taken it over.
 */
const lookup = lookupOfComponents(components);
const TRACE_MS = 100;
const stopping = new AbortController();

process.once('disconnect', () => process.exit(1));
process.on('message', (message: ToRunner) => {
  if (message.type === 'stop') stopping.abort();
  else if (message.type === 'run')
    void run(message)
      .then(say)
      .then(() => process.exit(0));
  else
    void tryConnection(message)
      .then(say)
      .then(() => process.exit(0));
});
void say({ type: 'ready' });

function say(message: FromRunner): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send(message, () => resolve());
    else resolve();
  });
}

async function run({ access, site, limit, ...order }: Extract<ToRunner, { type: 'run' }>): Promise<FromRunner> {
  let lines: TraceLine[] = [];
  const flush = () => {
    if (lines.length > 0) void say({ type: 'trace', lines });
    lines = [];
  };
  const timer = setInterval(flush, TRACE_MS);
  const snapshot = await runDataflow({
    document: order.document,
    job: order.job,
    logLevel: order.logLevel,
    spoolFolder: order.spoolFolder,
    ...(site && { site }),
    ...(limit !== undefined && { limit }),
    components: findComponent,
    access: restrictedAccess(access),
    signal: stopping.signal,
    onTrace: (line) => lines.push(line),
    onSnapshot: (at) => void say({ type: 'snapshot', snapshot: at }),
  });
  clearInterval(timer);
  flush();
  return { type: 'end', snapshot };
}

/** Opens, tests and closes the connection of the document's only step. */
async function tryConnection({ document, site, access, spoolFolder }: Extract<ToRunner, { type: 'try-connection' }>): Promise<FromRunner> {
  const redact = redactor([...secretsOf(document), ...(site ? [site.secret] : [])]);
  try {
    const [step] = document.steps;
    const component = findComponent(step?.type ?? '');
    const traits = lookup(step?.type ?? '');
    if (!step || !component || !traits) return { type: 'tried', ok: false, message: `The component ${step?.type ?? ''} is not built yet.` };
    if (!('connect' in component) || !component.connect) return { type: 'tried', ok: true, message: 'This step needs no connection.' };
    const { params } = readParams(traits, step.params);
    const silent = { error() {}, warn() {}, info() {}, debug() {} };
    const job = {
      id: '0'.repeat(32),
      dataflowId: '',
      dataflowName: '',
      startTime: new Date(),
      attemptNumber: 1,
      test: true,
      changedSince: undefined,
      fullExtract: false,
    };
    const context = { step: step.id, job, site, access: restrictedAccess(access), signal: stopping.signal, log: silent, spoolFolder };
    await using connection: Connection = await component.connect(params as never, context);
    return { type: 'tried', ok: true, message: redact(await connection.test()) };
  } catch (error) {
    return { type: 'tried', ok: false, message: redact(errorText(error)) };
  }
}

function secretsOf(document: DataflowDocument): string[] {
  const found: string[] = [];
  mapSecrets(document, lookup, (value) => {
    found.push(value);
    return value;
  });
  return found;
}
