import type { JsonObject } from '../../json.ts';
import { fieldNamed, objectTypes } from './objects.ts';
import type { Org } from './org.ts';

export interface QueryFault {
  errorCode: string;
  message: string;
}

const statement =
  /^\s*SELECT\s+([\w.,\s]+?)\s+FROM\s+(\w+)\s+WHERE\s+(\w+)\s+IN\s*\(((?:'(?:[^'\\]|\\.)*'|[\s,])+)\)(\s+AND\s+IsPersonAccount\s*=\s*true)?\s*$/is;

/** The rows of `SELECT … FROM … WHERE field IN ('…', …) [AND IsPersonAccount = true]`, all the SOQL the stand-in knows. */
export function runQuery(org: Org, text: string): JsonObject[] | QueryFault {
  const [, list, object, field, values, persons] = statement.exec(text) ?? [];
  if (!list || !object || !field || !values) return { errorCode: 'MALFORMED_QUERY', message: `unexpected token in: ${text.slice(0, 80)}` };
  const type = objectTypes.find(({ name }) => name.toLowerCase() === object.toLowerCase());
  if (!type) return { errorCode: 'INVALID_TYPE', message: `sObject type '${object}' is not supported.` };
  const names = list.split(',').map((name) => name.trim());
  const unknown = [...names, field].find((name) => !fieldNamed(type, name));
  if (unknown !== undefined) return { errorCode: 'INVALID_FIELD', message: `No such column '${unknown}' on entity '${type.name}'.` };
  const wanted = new Set([...values.matchAll(/'((?:[^'\\]|\\.)*)'/gs)].map(([, value = '']) => unquote(value).toLowerCase()));
  const key = fieldNamed(type, field)?.name ?? field;
  return org
    .records(type)
    .filter((record) => record[key] !== undefined && record[key] !== null && wanted.has(String(record[key]).toLowerCase()))
    .filter((record) => !persons || record.IsPersonAccount === true)
    .map((record) => ({
      attributes: { type: type.name },
      ...Object.fromEntries(names.map((name) => [name, record[fieldNamed(type, name)?.name ?? name] ?? null])),
    }));
}

const letters: Record<string, string> = { n: '\n', r: '\r', t: '\t' };
const unquote = (text: string): string => text.replace(/\\(.)/gs, (_, letter: string) => letters[letter] ?? letter);
