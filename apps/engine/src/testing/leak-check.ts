import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** What a process holds open: files and sockets, by name where the system tells. Timers are counted apart, because test runners have their own. */
const held = (): string[] => [
  ...process.getActiveResourcesInfo().filter((kind) => !/^(?:TTYWrap|Immediate|MessagePort|FSReq|Timeout)/.test(kind)),
  ...openFiles(),
];

interface Timer {
  hasRef(): boolean;
}

/** Runs something and tells the timers it started that are still running and keep the process alive. */
function watchTimers<T>(run: () => Promise<T>): { result: Promise<T>; running(): number; stop(): void } {
  const timers = new Map<number, Timer>();
  const scope = new AsyncLocalStorage<true>();
  const hook = createHook({
    init: (id, type, _trigger, resource) => {
      if (type === 'Timeout' && scope.getStore()) timers.set(id, resource as Timer);
    },
    destroy: (id) => timers.delete(id),
  }).enable();
  return {
    result: scope.run(true, run),
    running: () => [...timers.values()].filter((timer) => timer.hasRef()).length,
    stop: () => hook.disable(),
  };
}

function openFiles(): string[] {
  const folder = '/proc/self/fd';
  const nameOf = (fd: string) => {
    try {
      return readlinkSync(`${folder}/${fd}`).replace(/^(socket|pipe):.*/, '$1');
    } catch {
      return '';
    }
  };
  try {
    return readdirSync(folder)
      .map(nameOf)
      .filter((name) => name !== '' && !name.startsWith('/proc/'));
  } catch {
    return [];
  }
}

/**
 * Runs something with a signal and throws when it leaves anything behind: listeners on the signal, open files, sockets, timers.
 * What is being closed gets `patienceMs` to be gone.
 */
export async function leakCheck<T>(run: (signal: AbortSignal) => Promise<T>, { patienceMs = 3000 } = {}): Promise<T> {
  const { signal } = new AbortController();
  const before = held();
  const timers = watchTimers(() => run(signal));
  try {
    const result = await timers.result;
    const end = performance.now() + patienceMs;
    for (;;) {
      const listeners = getEventListeners(signal, 'abort').map(() => 'abort listener');
      const left = [...more(held(), before), ...listeners, ...Array<string>(timers.running()).fill('timer')];
      if (left.length === 0) return result;
      if (performance.now() > end) throw new Error(`Left open: ${left.join(', ')}.`);
      await setTimeout(5);
    }
  } finally {
    timers.stop();
  }
}

/** The entries of a list that another does not account for. */
function more(list: readonly string[], than: readonly string[]): string[] {
  const rest = [...than];
  return list.filter((entry) => {
    const at = rest.indexOf(entry);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}
