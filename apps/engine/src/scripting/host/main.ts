/**
 * The script process of one job: holds an isolate for each script step. Started by script-host.ts with an empty environment; ends
 * with its parent. Nothing of this process is ever handed into an isolate but text.
 */

import { ScriptGone, ScriptIsolate, ScriptRefused } from './isolate.ts';
import type { HostReply, HostRequest } from './protocol.ts';

// Scripts read the same clock zone on every machine.
process.env.TZ = 'UTC';

const isolates = new Map<number, { isolate: ScriptIsolate; last: Promise<void> }>();

const reply = (message: HostReply) => {
  if (process.connected) process.send?.(message);
};

async function open({ session, source, ctx, limits }: HostRequest & { type: 'open' }): Promise<void> {
  const isolate = new ScriptIsolate(limits);
  const loading = isolate.load(source, ctx).then(
    () => reply({ type: 'ready', session }),
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

async function run({ session, text, count }: HostRequest & { type: 'batch' }, isolate: ScriptIsolate): Promise<void> {
  try {
    const answer = await isolate.run(text, count, () => reply({ type: 'alive', session }));
    reply({ type: 'done', session, text: answer });
  } catch (thrown) {
    const message = thrown instanceof ScriptGone ? thrown.message : `The script stopped unexpectedly: ${thrown}`;
    reply({ type: 'fatal', session, message });
  }
}

process.on('message', (request: HostRequest) => {
  if (request.type === 'open') {
    void open(request);
    return;
  }
  const slot = isolates.get(request.session);
  if (!slot) return;
  if (request.type === 'batch') slot.last = slot.last.then(() => run(request, slot.isolate));
  else {
    isolates.delete(request.session);
    slot.isolate.dispose();
  }
});

process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
