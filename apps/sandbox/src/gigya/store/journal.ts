import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import type { JsonObject } from '../../json.ts';

/** What the population was made of; a data file belongs to exactly one seed. */
export interface JournalHead {
  seed: number;
  epoch: number;
}

/** What a line is about. */
export type JournalKind = 'account' | 'lite' | 'ds';

/** The last state of one thing; null when it was deleted. */
export interface JournalEntry {
  kind: JournalKind;
  key: string;
  value: JsonObject | null;
}

/**
 * The changes to accounts and objects as NDJSON: a head line, then one line per write.
 * Opening rewrites the file with the last state of each, so it does not grow over restarts.
 * A line that was torn by a crash is dropped.
 */
export class Journal {
  readonly head: JournalHead;
  readonly #file: number;
  readonly #entries: Map<JournalKind, JournalEntry[]>;

  private constructor(path: string, head: JournalHead, entries: JournalEntry[]) {
    this.head = head;
    this.#entries = Map.groupBy(entries, ({ kind }) => kind);
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
    const last = new Map(
      lines
        .slice(1)
        .map(entryOf)
        .map((entry) => [`${entry.kind} ${entry.key}`, entry]),
    );
    return new Journal(path, head, [...last.values()]);
  }

  /** The entries of a kind that the file held when it was opened; a second call gives none. */
  takeEntries(kind: JournalKind): JournalEntry[] {
    const entries = this.#entries.get(kind) ?? [];
    this.#entries.delete(kind);
    return entries;
  }

  append(entry: JournalEntry): void {
    writeSync(this.#file, `${JSON.stringify(entry)}\n`);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Files written before there was anything but accounts name them otherwise. */
function entryOf(line: unknown): JournalEntry {
  const { uid, account } = line as { uid?: string; account?: JsonObject | null };
  return uid === undefined ? (line as JournalEntry) : { kind: 'account', key: uid, value: account ?? null };
}

function readLines(path: string): unknown[] {
  const text = readFileSync(path, 'utf8');
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as unknown);
}
