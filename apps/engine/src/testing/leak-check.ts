import { getEventListeners } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** What a process holds open: files and sockets by name (where the system tells), timers and handles by kind. */
function held(): string[] {
  const kinds = process.getActiveResourcesInfo().filter((kind) => !/^(?:TTYWrap|Immediate|MessagePort|FSReq)/.test(kind));
  return [...kinds, ...openFiles()].sort();
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
  const result = await run(signal);
  const end = performance.now() + patienceMs;
  for (;;) {
    const left = [...more(held(), before), ...getEventListeners(signal, 'abort').map(() => 'abort listener')];
    if (left.length === 0) return result;
    if (performance.now() > end) throw new Error(`Left open: ${left.join(', ')}.`);
    await setTimeout(5);
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
