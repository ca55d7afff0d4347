import type { Batch } from '#dataflow';
import type { BatchEncoder } from '../parts.ts';

export interface JsonFormatOptions {
  /** `array`: one list of all records. `lines`: one record on each line, without a list around them. */
  layout: 'array' | 'lines';
  /** Puts the list into an object, under this name. */
  wrapField?: string | undefined;
}

/** Records to JSON text, one on each line. */
export class JsonEncoder implements BatchEncoder {
  readonly between: Uint8Array;
  readonly tail: Uint8Array;
  readonly #head: Uint8Array;
  readonly #lines: boolean;

  constructor({ layout, wrapField }: JsonFormatOptions) {
    this.#lines = layout === 'lines';
    this.between = Buffer.from(this.#lines ? '' : ',\n');
    this.#head = Buffer.from(this.#lines ? '' : wrapField === undefined ? '[\n' : `{${JSON.stringify(wrapField)}:[\n`);
    this.tail = Buffer.from(this.#lines ? '' : wrapField === undefined ? '\n]\n' : '\n]}\n');
  }

  head(): Uint8Array {
    return this.#head;
  }

  encode(batch: Batch): Uint8Array {
    if (this.#lines && batch.lines) return batch.lines.bytes;
    const rowLines = this.#lines ? batch.rows?.toJsonLines() : undefined;
    if (rowLines) return rowLines;
    const { records } = batch;
    let text = '';
    for (let i = 0; i < records.length; i++) {
      if (this.#lines) text += `${JSON.stringify(records[i])}\n`;
      else text += i === 0 ? JSON.stringify(records[i]) : `,\n${JSON.stringify(records[i])}`;
    }
    return Buffer.from(text);
  }
}
