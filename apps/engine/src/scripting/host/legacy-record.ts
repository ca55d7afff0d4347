type Plain = { [name: string]: unknown };

/**
 * The record object of the 2017 entry form `process(record, next, ctx, logger)`: reads and writes go to the plain record beneath.
 * Runs inside the isolate: its text is sent there, so it may use nothing from outside.
 */
export function createLegacyRecords() {
  const unwrap = (value: unknown): unknown => {
    if (value instanceof LegacyRecord || value instanceof LegacyField) return value.toJSON();
    return Array.isArray(value) ? value.map(unwrap) : value;
  };

  class LegacyRecord {
    readonly fields: Plain;
    constructor(fields: Plain = {}) {
      this.fields = fields;
    }
    containsField(name: string): boolean {
      return Object.hasOwn(this.fields, name);
    }
    getField(name: string): LegacyField | null {
      return this.containsField(name) ? new LegacyField(this.fields, name) : null;
    }
    /** Sets the field. The original's third argument has no known meaning and changes nothing. */
    addField(name: string, value: unknown): this {
      this.fields[name] = unwrap(value);
      return this;
    }
    removeField(name: string): this {
      delete this.fields[name];
      return this;
    }
    toJSON(): Plain {
      return this.fields;
    }
  }

  class LegacyField {
    readonly owner: Plain;
    readonly name: string;
    constructor(owner: Plain, name: string) {
      this.owner = owner;
      this.name = name;
    }
    getValue(): unknown {
      return this.owner[this.name];
    }
    getValueAsString(): string | null {
      const value = this.getValue();
      if (value === null || value === undefined) return null;
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    }
    getValueAsRecord(): LegacyRecord | null {
      const value = this.getValue();
      return typeof value === 'object' && value !== null && !Array.isArray(value) ? new LegacyRecord(value as Plain) : null;
    }
    setValue(value: unknown): this {
      this.owner[this.name] = unwrap(value);
      return this;
    }
    /** Appends; a single value becomes a list first. */
    addValue(value: unknown): this {
      const present = this.getValue();
      const list = Array.isArray(present) ? present : present === null || present === undefined ? [] : [present];
      list.push(unwrap(value));
      this.owner[this.name] = list;
      return this;
    }
    toJSON(): unknown {
      return this.getValue();
    }
  }

  return LegacyRecord;
}
