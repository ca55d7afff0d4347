/**
 * The script process of one job: holds an isolate for each script step. Started by script-host.ts with an empty environment; ends
 * with its parent. Nothing of this process is ever handed into an isolate but text.
 */

import { Socket } from 'node:net';
import { TextCollector } from './collector.ts';
import { type Frame, onFrame, writeFrame } from './frames.ts';
import { ScriptGone, ScriptIsolate, ScriptRefused } from './isolate.ts';
import { frameDescriptor, type HostReply, type HostRequest } from './protocol.ts';

// Scripts read the same clock zone on every machine.
process.env.TZ = 'UTC';

type Batch = HostRequest & { type: 'batch' | 'rows' };

const collector = new TextCollector();
const isolates = new Map<number, { isolate: ScriptIsolate; last: Promise<void> }>();

const parent = new Socket({ fd: frameDescriptor, readable: true, writable: true });

const reply = (head: HostReply, ...body: Uint8Array[]) => {
  if (parent.writable) writeFrame(parent, head, ...body);
};

async function open({ session, source, ctx, limits }: HostRequest & { type: 'open' }): Promise<void> {
  const isolate = new ScriptIsolate(limits);
  const loading = isolate.load(source, ctx).then(
    ({ rows }) => reply({ type: 'ready', session, rows }),
    (thrown) => {
      const failure =
        thrown instanceof ScriptRefused
          ? thrown.failure
          : { code: 'scriptFailed' as const, message: `The script could not be loaded: ${thrown}` };
      reply({ type: 'refused', session, failure });
    },
  );
  isolates.set(session, { isolate, last: loading });
}

async function run(request: Batch, body: Uint8Array, isolate: ScriptIsolate): Promise<void> {
  const { session } = request;
  try {
    const answer = await runIn(isolate, request, Buffer.from(body.buffer, body.byteOffset, body.byteLength));
    const whole = request.type === 'rows' && (await isolate.isFilling());
    reply({ type: 'done', session, whole }, Buffer.from(answer));
    collector.used(answer.length);
  } catch (thrown) {
    const message = thrown instanceof ScriptGone ? thrown.message : `The script stopped unexpectedly: ${thrown}`;
    reply({ type: 'fatal', session, message });
  }
}

function runIn(isolate: ScriptIsolate, request: Batch, body: Buffer): Promise<string> {
  const onTimeOut = () => reply({ type: 'alive', session: request.session });
  if (request.type === 'batch') return isolate.run({ json: body.toString(), count: request.count, columns: request.columns }, onTimeOut);
  const { about, count } = request;
  const bounds = body.subarray(0, request.bounds);
  const marks = body.subarray(request.bounds, request.bounds + request.marks);
  return isolate.runRows({ text: body.toString('latin1', request.bounds + request.marks), bounds, marks, about, count }, onTimeOut);
}

onFrame(parent, ({ head: request, body }: Frame<HostRequest>) => {
  if (request.type === 'open') {
    void open(request);
    return;
  }
  const slot = isolates.get(request.session);
  if (!slot) return;
  if (request.type !== 'close') slot.last = slot.last.then(() => run(request, body, slot.isolate));
  else {
    isolates.delete(request.session);
    slot.isolate.dispose();
  }
});

// The pipe ends with the parent, however that came about.
parent.on('error', () => undefined).on('close', () => process.kill(process.pid, 'SIGKILL'));
