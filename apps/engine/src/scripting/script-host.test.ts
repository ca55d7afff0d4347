import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { ScriptHost } from './script-host.ts';
import { openScript } from './script-session.ts';

// Each test starts processes; a busy machine takes its time.
vi.setConfig({ testTimeout: 30_000 });

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const options = (jobId: string, source = 'function process(record) { return record; }') => ({
  source,
  ecmaVersion: '12' as const,
  notifyLastRecord: false,
  ctx: { jobId, dataflowId: 'f', stepId: 's' },
});

const pidOf = (jobId: string): number => {
  const { host, session } = ScriptHost.join(jobId, { onReply: () => undefined, onEnd: () => undefined });
  void host.leave(session);
  return host.pid ?? 0;
};

it('is one process for all script steps of a job, ended with the last of them', async () => {
  const first = await openScript(options('one-job'));
  const second = await openScript(options('one-job'));
  const other = await openScript(options('other-job'));
  const pid = pidOf('one-job');
  expect(pidOf('other-job')).not.toBe(pid);
  await first[Symbol.asyncDispose]();
  expect((await second.process([{ n: 1 }])).results).toEqual([{ n: 1 }]);
  await second[Symbol.asyncDispose]();
  expect(alive(pid)).toBe(false);
  await other[Symbol.asyncDispose]();
});

it('ends a looping step at once while another step of the job goes on', async () => {
  const quiet = await openScript(options('mixed-job'));
  const looping = await openScript(options('mixed-job', 'function process() { for (;;); }'));
  const running = looping.process([{ n: 1 }]);
  const rejected = expect(running).rejects.toMatchObject({ name: 'CancelledError' });
  await looping[Symbol.asyncDispose]();
  await rejected;
  expect((await quiet.process([{ n: 2 }])).results).toEqual([{ n: 2 }]);
  await quiet[Symbol.asyncDispose]();
});

it('never outlives the process that started it, not even in the middle of a loop', async () => {
  const session = fileURLToPath(new URL('./script-session.ts', import.meta.url));
  const host = fileURLToPath(new URL('./script-host.ts', import.meta.url));
  const code = `
    const { openScript } = await import(${JSON.stringify(session)});
    const { ScriptHost } = await import(${JSON.stringify(host)});
    const options = { source: 'function process() { for (;;); }', ecmaVersion: '12', notifyLastRecord: false, ctx: { jobId: 'j', dataflowId: 'f', stepId: 's' }, limits: { timeoutMs: 600000 } };
    const script = await openScript(options);
    script.process([{}]).catch(() => {});
    console.log(ScriptHost.join('j', { onReply() {}, onEnd() {} }).host.pid);`;
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = (await once(parent.stdout, 'data')) as [Buffer];
  const pid = Number(output.toString());
  expect(alive(pid)).toBe(true);
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(alive(pid)).toBe(false), { timeout: 10_000 });
});
