import type { Json, JsonObject } from '../../json.ts';

/** A column of a data extension; text columns have a length. */
export interface Column {
  name: string;
  type: 'Text' | 'EmailAddress' | 'Number' | 'Date' | 'Boolean';
  length?: number;
  primaryKey?: boolean;
}

/** A row as the rowset calls send and return it. */
export interface Row {
  keys: JsonObject;
  values: JsonObject;
}

/** One refused value, as `additionalErrors` of an answer tells it. */
export interface ColumnError {
  message: string;
  errorcode: number;
  documentation: string;
}

const errorOf = (message: string): ColumnError => ({ message, errorcode: 10000, documentation: '' });

/** A table with primary keys. Column names are found in any letter case. */
export class DataExtension {
  readonly key: string;
  readonly id: string;
  readonly columns: readonly Column[];
  readonly rows = new Map<string, Row>();

  constructor(key: string, id: string, columns: readonly Column[]) {
    this.key = key;
    this.id = id;
    this.columns = columns;
  }

  column(name: string): Column | undefined {
    return this.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  }

  get primaryKeys(): string[] {
    return this.columns.filter(({ primaryKey }) => primaryKey).map(({ name }) => name);
  }

  /** The name given as a key that is none of the primary keys. */
  strangeKey({ keys }: Row): string | undefined {
    return Object.keys(keys).find((name) => !this.column(name)?.primaryKey);
  }

  /** What keeps a row from being saved. */
  faults({ keys, values }: Row): ColumnError[] {
    const given = new Map(Object.entries({ ...values, ...keys }).map(([name, value]) => [name.toLowerCase(), value]));
    const strange = Object.keys(values).filter((name) => !this.column(name));
    return [
      ...strange.map((name) => errorOf(`${name}: The column [${name}] does not exist in the data extension.`)),
      ...this.columns.flatMap((column) => {
        const text = faultOf(column, given.get(column.name.toLowerCase()));
        return text === undefined ? [] : [errorOf(`${column.name}: The value for column [${column.name}] ${text}`)];
      }),
    ];
  }

  /** Inserts a row or changes the given columns of the one with the same primary keys. */
  upsert({ keys, values }: Row): void {
    const place = JSON.stringify(this.primaryKeys.map((name) => String(keyValue(keys, name)).toLowerCase()));
    const present = this.rows.get(place);
    this.rows.set(place, { keys: present?.keys ?? keys, values: { ...present?.values, ...values } });
  }
}

const keyValue = (keys: JsonObject, name: string): Json | undefined =>
  Object.entries(keys).find(([given]) => given.toLowerCase() === name.toLowerCase())?.[1];

function faultOf({ type, length, primaryKey }: Column, value: Json | undefined): string | undefined {
  if (value === undefined || value === null || value === '') return primaryKey ? 'is required.' : undefined;
  if (typeof value === 'object') return 'is not a plain value.';
  const text = String(value);
  if (length !== undefined && text.length > length) return "exceeds the column's maximum length.";
  if (type === 'EmailAddress' && !/^[^@\s]+@[^@\s]+\.[^@\s]+$/.test(text))
    return 'is not a valid email address. Parse error [InvalidEmailAddress]';
  if (type === 'Number' && !/^-?\d{1,10}$/.test(text)) return 'is not a valid number.';
  if (type === 'Boolean' && !/^(?:true|false|0|1)$/i.test(text)) return 'is not a valid boolean.';
  if (type === 'Date' && Number.isNaN(Date.parse(text))) return 'is not a valid date.';
  return undefined;
}
