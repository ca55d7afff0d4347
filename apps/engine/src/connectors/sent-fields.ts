import { type DataRecord, type Json, RecordError, type StepLog } from '#dataflow';

/** Tells each name once. */
export class ToldNames {
  readonly #told = new Set<string>();
  readonly #tell: (name: string) => void;

  constructor(log: StepLog, text: (name: string) => string) {
    this.#tell = (name) => log.info(text(name));
  }

  tell(name: string): void {
    if (this.#told.size >= 1000 || this.#told.has(name)) return;
    this.#told.add(name);
    this.#tell(name);
  }
}

/** The value of a field as text; undefined for null, which changes nothing. Throws RecordError for a list or an object. */
export function textOf(name: string, value: Json | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'object') return String(value);
  const what = Array.isArray(value) ? 'a list' : 'an object';
  throw new RecordError(`The field ${name} holds ${what}, and the platform takes one value. Join or pick it before this step.`, {
    code: 'invalidRecord',
  });
}

/** The mail address of a record: the first of its fields with one of these names (lower case) that is filled. Throws RecordError when there is none. */
export function addressOf(record: DataRecord, names: readonly string[], shown: string): string {
  for (const [name, value] of Object.entries(record)) {
    if (names.includes(name.toLowerCase()) && typeof value === 'string' && value.trim() !== '') return value.trim();
  }
  throw new RecordError(`The record has no mail address. Give it in the field ${shown}.`, { code: 'invalidRecord' });
}
