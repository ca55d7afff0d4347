import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Account } from '../../population/account.ts';

/** What the population was made of; a data file belongs to exactly one seed. */
export interface JournalHead {
  seed: number;
  epoch: number;
}

interface Entry {
  uid: string;
  account: Account | null;
}

/**
 * The changes to the accounts as NDJSON: a head line, then one line per write (`account: null` for a deletion).
 * Opening rewrites the file with the last state of each account, so it does not grow over restarts.
 * A line that was torn by a crash is dropped.
 */
export class Journal {
  readonly head: JournalHead;
  readonly #file: number;
  #entries: Entry[];

  private constructor(path: string, head: JournalHead, entries: Entry[]) {
    this.head = head;
    this.#entries = entries;
    const whole = [head, ...entries].map((line) => `${JSON.stringify(line)}\n`).join('');
    writeFileSync(`${path}.new`, whole);
    renameSync(`${path}.new`, path);
    this.#file = openSync(path, 'a');
  }

  /** Reads the file, or begins it with `fresh`. Throws when the file was made with another seed. */
  static open(path: string, fresh: JournalHead): Journal {
    mkdirSync(dirname(path), { recursive: true });
    const lines = existsSync(path) ? readLines(path) : [];
    const head = (lines[0] as JournalHead | undefined) ?? fresh;
    if (head.seed !== fresh.seed) {
      throw new Error(`The data file ${path} was made with seed ${head.seed}, not ${fresh.seed}. Start with that seed or remove the file.`);
    }
    const last = new Map((lines.slice(1) as Entry[]).map((entry) => [entry.uid, entry]));
    return new Journal(path, head, [...last.values()]);
  }

  /** The entries the file held when it was opened; a second call gives none. */
  takeEntries(): Entry[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }

  append(uid: string, account: Account | null): void {
    writeSync(this.#file, `${JSON.stringify({ uid, account })}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

function readLines(path: string): unknown[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
