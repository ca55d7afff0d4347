import { Batch, type DataRecord, isDataRecord, type Json, put } from '#dataflow';

/** How values become cells of a platform's import file. */
export interface CellRules {
  /** The cell of a list that holds texts and numbers only. */
  list(values: readonly (string | number | boolean)[]): string;
  /** What stands for a value that is null; undefined leaves the cell empty. */
  empty?: string | undefined;
  /** The column of a field, by its dotted path. */
  column(path: string): string;
  /** Turns a whole object into one cell; undefined takes it apart into columns with dotted names. */
  object?(path: string, value: DataRecord): string | undefined;
}

/** The batches with every record flat: objects taken apart, lists put together, as the rules say. */
export async function* flatRows(batches: AsyncIterable<Batch>, rules: CellRules): AsyncGenerator<Batch> {
  for await (const batch of batches) yield Batch.of(batch.records.map((record) => flatten(record, rules)));
}

function flatten(record: DataRecord, rules: CellRules): DataRecord {
  const row: DataRecord = {};
  const add = (path: string, value: Json): void => {
    if (isDataRecord(value)) {
      const whole = rules.object?.(path, value);
      if (whole === undefined) for (const [name, inner] of Object.entries(value)) add(path === '' ? name : `${path}.${name}`, inner);
      else put(row, rules.column(path), whole);
    } else put(row, rules.column(path), cell(value, rules));
  };
  add('', record);
  return row;
}

function cell(value: Exclude<Json, DataRecord>, rules: CellRules): Json {
  if (value === null) return rules.empty ?? null;
  if (!Array.isArray(value)) return value;
  const plain = value.filter((item) => typeof item !== 'object');
  return plain.length === value.length ? rules.list(plain) : value;
}
