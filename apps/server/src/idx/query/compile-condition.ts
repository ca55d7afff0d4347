import { storableText } from '../../storage/storable.ts';
import { readTime } from './read-time.ts';
import type { Condition, Literal } from './syntax.ts';
import { excerpt, wrongQuery } from './tokens.ts';

/** How a field of a table is compared. `sql` is ours, never a caller's text. */
export interface Field {
  /** As answers write it. */
  name: string;
  sql: string;
  kind: 'text' | 'number' | 'time' | 'boolean';
  /** No row lacks it, so an index in its order can be used. */
  always?: true;
}

/** Puts a value among the parameters of a statement; returns its placeholder. */
export type Bind = (value: unknown) => string;

export interface Fields {
  /** Throws for a name that the table does not have, or that cannot be compared. */
  find(name: string): Field;
}

export const casts = { text: 'text', number: 'float8', time: 'timestamptz', boolean: 'boolean' } as const;

/**
 * A condition as SQL. A missing value is unequal to every other, and NOT turns everything around, also what is missing. Every value of
 * the caller's becomes a parameter.
 */
export function compileCondition(condition: Condition, fields: Fields, bind: Bind): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return `(${condition.parts.map((part) => compileCondition(part, fields, bind)).join(condition.kind === 'and' ? ' AND ' : ' OR ')})`;
    case 'not':
      return `(${compileCondition(condition.part, fields, bind)}) IS NOT TRUE`;
    case 'null':
      return `${fields.find(condition.field).sql} IS NULL`;
    case 'compare': {
      const field = fields.find(condition.field);
      const value = bindValue(field, condition.value, bind);
      return condition.operator === '!=' ? `${field.sql} IS DISTINCT FROM ${value}` : `${field.sql} ${condition.operator} ${value}`;
    }
    case 'in': {
      const field = fields.find(condition.field);
      const list = condition.values.map((value) => readValue(field, value));
      return `${field.sql} = ANY(${bind(list)}::${casts[field.kind]}[])`;
    }
    case 'contains':
      return containsWords(fields.find(condition.field), condition.value, bind);
  }
}

const bindValue = (field: Field, value: Literal, bind: Bind): string => `${bind(readValue(field, value))}::${casts[field.kind]}`;

/** Whole words in a row, letter case aside. */
function containsWords(field: Field, value: Literal, bind: Bind): string {
  if (field.kind !== 'text') throw wrongQuery(`CONTAINS looks into texts, and ${field.name} is none`);
  return `strpos(${wordsOf(field.sql)}, ${wordsOf(`${bind(storableText(value.text))}::text`)}) > 0`;
}

const wordsOf = (sql: string): string => `' ' || btrim(regexp_replace(lower(${sql}), '[^[:alnum:]]+', ' ', 'g')) || ' '`;

function readValue({ name, kind }: Field, { text }: Literal): unknown {
  if (kind === 'text') return storableText(text);
  if (kind === 'time') return readTime(text);
  if (kind === 'boolean') {
    if (/^(?:true|false)$/i.test(text)) return text.toLowerCase() === 'true';
    throw wrongQuery(`${name} is true or false, not ${excerpt(text)}`);
  }
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw wrongQuery(`${name} is a number, and ${excerpt(text)} is none`);
  return number;
}
