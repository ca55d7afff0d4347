import type { RowSource, RowSources } from './row-source.ts';

type Plain = Record<string, unknown>;

/** The rows of one batch inside the isolate, and what the script made of them. */
export interface RowBatch {
  readonly count: number;
  /** Times a script asked a record for the names of its fields, for which it has to be taken apart after all. */
  readonly listed: number;
  record(row: number): object;
  /** True when the value is the record made last, with nothing changed but fields: they are noted as they are now, and its size in `size`. */
  take(value: unknown): boolean;
  readonly size: number;
  /** What was taken, as JSON. */
  taken(): string;
  /** Keeps what was taken last. */
  keep(): void;
  /** All that was kept, as JSON lines. */
  lines(): string;
  /** All that was kept, as JSON of {@link RowResults}. */
  results(): string;
}

export type RowBatches = (...parts: Parameters<RowSources>) => RowBatch;

/**
 * Records that read the text of a delimited file: a field is cut out when the script asks for it, and what it sets is kept beside.
 * A proxy stands for the whole object, so that a script sees no difference to one.
 * Runs inside the isolate: its text is sent there, so it may use nothing from outside.
 */
export function createRowBatches(openSource: RowSources): RowBatches {
  const { parse, stringify } = JSON;
  const { keys, hasOwn } = Object;
  const { get, set, has, deleteProperty, defineProperty, ownKeys, getOwnPropertyDescriptor, preventExtensions, setPrototypeOf } = Reflect;
  /** In place of a value: the field was removed. */
  const gone: unknown = {};

  class Rows implements RowBatch {
    readonly count: number;
    listed = 0;
    size = 0;
    readonly source: RowSource;
    #current: Handler | undefined;
    #taken: unknown[] = [];
    readonly #kept: number[] = [];
    /** Names of the fields that scripts added, in one order for all records. */
    readonly #added: string[] = [];
    /** New values of the columns, then of the added fields, each under the position of its record. */
    readonly #lists: (unknown[] | undefined)[] = [];

    constructor(source: RowSource) {
      this.source = source;
      this.count = source.count;
    }

    record(row: number): object {
      const handler = new Handler(this, row);
      this.#current = handler;
      return handler.proxy;
    }

    take(value: unknown): boolean {
      const handler = this.#current;
      if (handler === undefined || value !== handler.proxy || handler.whole || (handler.target as Plain).toJSON !== undefined) return false;
      const taken: unknown[] = [];
      let size = 0;
      const width = this.source.names.length;
      const note = (slot: number, given: unknown): void => {
        let kept = given;
        if (kept !== gone && typeof kept !== 'string') {
          const text = stringify(kept);
          if (text === undefined) kept = gone;
          else if (typeof kept === 'object') kept = parse(text);
          size += text === undefined ? 0 : text.length;
        } else if (kept !== gone) size += (kept as string).length;
        if (kept === gone && slot >= width) return;
        taken[taken.length] = slot;
        taken[taken.length] = kept;
      };
      for (let i = 0; i < handler.changed.length; i++) note(handler.changed[i] as number, handler.values[handler.changed[i] as number]);
      const names = handler.extended ? keys(handler.target) : [];
      let last = -1;
      for (let i = 0; i < names.length; i++) {
        const name = names[i] as string;
        const at = this.#slotOfAdded(name, last);
        if (at < 0) return false;
        note(width + at, (handler.target as Plain)[name]);
        last = at;
      }
      this.#taken = taken;
      this.size = size;
      return true;
    }

    /** The place among the added fields behind place `last`; below 0 when the field stands before it, or is a number, which objects put first. */
    #slotOfAdded(name: string, last: number): number {
      if (name.charCodeAt(0) >= 0x30 && name.charCodeAt(0) <= 0x39) return -1;
      for (let i = 0; i < this.#added.length; i++) if (this.#added[i] === name) return i > last ? i : -1;
      this.#added[this.#added.length] = name;
      return this.#added.length - 1;
    }

    taken(): string {
      const handler = this.#current as Handler;
      return this.#recordText(handler.row, (slot) => {
        for (let i = 0; i < this.#taken.length; i += 2) if (this.#taken[i] === slot) return this.#taken[i + 1];
        return undefined;
      });
    }

    keep(): void {
      const position = this.#kept.length;
      // What was noted of a record that ran out of time.
      for (let i = 0; i < this.#lists.length; i++) {
        const list = this.#lists[i];
        if (list !== undefined && list.length > position) list.length = position;
      }
      for (let i = 0; i < this.#taken.length; i += 2) {
        const slot = this.#taken[i] as number;
        let list = this.#lists[slot];
        if (list === undefined) {
          list = [];
          this.#lists[slot] = list;
        }
        list[position] = this.#taken[i + 1];
      }
      this.#kept[position] = (this.#current as Handler).row;
    }

    lines(): string {
      let text = '';
      for (let k = 0; k < this.#kept.length; k++)
        text += `${this.#recordText(this.#kept[k] as number, (slot) => this.#lists[slot]?.[k])}\n`;
      return text;
    }

    /** @param changeOf the new value in a slot; undefined when there is none */
    #recordText(row: number, changeOf: (slot: number) => unknown): string {
      const { names } = this.source;
      const width = names.length;
      let text = '';
      for (let slot = 0; slot < width + this.#added.length; slot++) {
        const changed = changeOf(slot);
        if (changed === gone || (changed === undefined && slot >= width)) continue;
        const name = slot < width ? names[slot] : this.#added[slot - width];
        text += `,${stringify(name)}:${stringify(changed === undefined ? this.source.value(row, slot) : changed)}`;
      }
      return `{${text.slice(1)}}`;
    }

    results(): string {
      const kept = this.#kept;
      let columns = '';
      for (let slot = 0; slot < this.#lists.length; slot++) {
        const list = this.#lists[slot];
        if (list !== undefined) columns += `${columns === '' ? '' : ','}${this.#columnText(slot, list)}`;
      }
      return `{${kept.length === this.count ? '' : `"kept":${stringify(kept)},`}"columns":[${columns}]}`;
    }

    #columnText(slot: number, list: unknown[]): string {
      const { names } = this.source;
      const name = slot < names.length ? names[slot] : this.#added[slot - names.length];
      const values: unknown[] = [];
      const same: number[] = [];
      const removed: number[] = [];
      for (let i = 0; i < this.#kept.length; i++) {
        const value = list[i];
        if (value === undefined) same[same.length] = i;
        else if (value === gone) removed[removed.length] = i;
        values[i] = value === undefined || value === gone ? null : value;
      }
      return `{"name":${stringify(name)},"values":${stringify(values)},"same":${stringify(same)},"gone":${stringify(removed)}}`;
    }
  }

  /** One record: the traps of its proxy. `target` holds the fields the script added, and all of them once it is `whole`. */
  class Handler implements ProxyHandler<object> {
    readonly rows: Rows;
    readonly row: number;
    readonly target: object = {};
    readonly proxy: object;
    /** Of each column what was set, or was read before; undefined where nothing was. */
    readonly values: unknown[] = [];
    /** Columns with a value that was set, or handed out and may have been changed in place. */
    readonly changed: number[] = [];
    extended = false;
    whole = false;

    constructor(rows: Rows, row: number) {
      this.rows = rows;
      this.row = row;
      this.proxy = new Proxy(this.target, this);
    }

    /** The number of a column that the record still has. */
    #column(key: PropertyKey): number {
      if (this.whole) return -1;
      const column = this.rows.source.index[key];
      return column === undefined || this.values[column] === gone ? -1 : column;
    }

    #value(column: number): unknown {
      let value = this.values[column];
      if (value !== undefined || this.#isChanged(column)) return value;
      value = this.rows.source.value(this.row, column);
      this.values[column] = value;
      if (typeof value === 'object' && value !== null) this.changed[this.changed.length] = column;
      return value;
    }

    #isChanged(column: number): boolean {
      for (let i = 0; i < this.changed.length; i++) if (this.changed[i] === column) return true;
      return false;
    }

    #change(column: number, value: unknown): true {
      if (!this.#isChanged(column)) this.changed[this.changed.length] = column;
      this.values[column] = value;
      return true;
    }

    /** Makes the target the object that the proxy pretends to be. */
    #becomeWhole(): void {
      if (this.whole) return;
      const target = this.target as Plain;
      const added = keys(target);
      const values: unknown[] = [];
      for (let i = 0; i < added.length; i++) {
        values[i] = target[added[i] as string];
        delete target[added[i] as string];
      }
      const { names } = this.rows.source;
      for (let i = 0; i < names.length; i++) if (this.values[i] !== gone) this.#define(names[i] as string, this.#value(i));
      for (let i = 0; i < added.length; i++) this.#define(added[i] as string, values[i]);
      this.whole = true;
    }

    #define(name: string, value: unknown): void {
      defineProperty(this.target, name, { value, writable: true, enumerable: true, configurable: true });
    }

    get(target: object, key: PropertyKey, receiver: unknown): unknown {
      const column = this.#column(key);
      return column < 0 ? get(target, key, receiver) : this.#value(column);
    }

    set(target: object, key: PropertyKey, value: unknown, receiver: unknown): boolean {
      if (!this.whole && receiver === this.proxy && typeof key === 'string') {
        const column = this.rows.source.index[key];
        if (column !== undefined && this.values[column] !== gone) return this.#change(column, value);
        if (column === undefined && (!(key in target) || hasOwn(target, key))) {
          (target as Plain)[key] = value;
          this.extended = true;
          return true;
        }
      }
      this.#becomeWhole();
      return set(target, key, value, receiver);
    }

    has(target: object, key: PropertyKey): boolean {
      return this.#column(key) >= 0 || has(target, key);
    }

    deleteProperty(target: object, key: PropertyKey): boolean {
      const column = this.#column(key);
      return column < 0 ? deleteProperty(target, key) : this.#change(column, gone);
    }

    ownKeys(target: object): (string | symbol)[] {
      this.rows.listed++;
      const added = ownKeys(target);
      if (this.whole) return added;
      const { names } = this.rows.source;
      const all: (string | symbol)[] = [];
      for (let i = 0; i < added.length; i++) {
        const first = typeof added[i] === 'string' ? (added[i] as string).charCodeAt(0) : 0;
        if (first < 0x30 || first > 0x39) continue;
        // Objects put numbers first.
        this.#becomeWhole();
        return ownKeys(target);
      }
      for (let i = 0; i < names.length; i++) if (this.values[i] !== gone) all[all.length] = names[i] as string;
      for (let i = 0; i < added.length; i++) all[all.length] = added[i] as string | symbol;
      return all;
    }

    getOwnPropertyDescriptor(target: object, key: PropertyKey): PropertyDescriptor | undefined {
      const column = this.#column(key);
      if (column < 0) return getOwnPropertyDescriptor(target, key);
      return { value: this.#value(column), writable: true, enumerable: true, configurable: true };
    }

    defineProperty(target: object, key: PropertyKey, descriptor: PropertyDescriptor): boolean {
      this.#becomeWhole();
      return defineProperty(target, key, descriptor);
    }

    preventExtensions(target: object): boolean {
      this.#becomeWhole();
      return preventExtensions(target);
    }

    setPrototypeOf(target: object, prototype: object | null): boolean {
      this.#becomeWhole();
      return setPrototypeOf(target, prototype);
    }
  }

  return (...parts) => new Rows(openSource(...parts));
}
