import { Refusal } from '../refusal.ts';

type Bind = (value: unknown) => string;

interface Field {
  column: string;
  kind: 'text' | 'time' | 'number';
}

/** By lower-case name. Ids are compared as they are, status in lower case. */
const fields: Record<string, Field> = {
  status: { column: 'status', kind: 'text' },
  id: { column: 'id', kind: 'text' },
  starttime: { column: '"startTime"', kind: 'time' },
  endtime: { column: '"endTime"', kind: 'time' },
  processedrecords: { column: '"processedRecords"', kind: 'number' },
};
const FIELD_NAMES = 'status, id, startTime, endTime and processedRecords';
const TOKEN =
  /\s*(?:(?<sign>[()])|(?<operator><=|>=|<>|!=|=|<|>)|'(?<single>(?:[^'\\]|\\.)*)'|"(?<double>(?:[^"\\]|\\.)*)"|(?<word>[\w.+:-]+))/y;

interface Token {
  kind: 'sign' | 'operator' | 'text' | 'word' | 'end';
  value: string;
}

/**
 * Turns a condition of the console's query box into SQL: comparisons of a field with a value, joined by `and` and `or`,
 * in parentheses where wanted. Letter case does not matter; dates may leave out zeros and time (`2017-5-8`) and are UTC.
 * Every value becomes a bound parameter. Throws a Refusal that says what is wrong.
 */
export function compileCondition(query: string, bind: Bind): string {
  const tokens = tokenize(query.replace(/^\s*where\s/i, ''));
  let at = 0;
  const peek = (): Token => tokens[at] ?? { kind: 'end', value: '' };
  const take = (): Token => tokens[at++] ?? { kind: 'end', value: '' };
  const joins = (word: string) => peek().kind === 'word' && peek().value.toLowerCase() === word;

  const either = (): string => {
    const parts = [both()];
    while (joins('or')) {
      take();
      parts.push(both());
    }
    return parts.length === 1 ? parts.join('') : `(${parts.join(' OR ')})`;
  };
  const both = (): string => {
    const parts = [single()];
    while (joins('and')) {
      take();
      parts.push(single());
    }
    return parts.join(' AND ');
  };
  const single = (): string => {
    if (peek().value !== '(' || peek().kind !== 'sign') return compare(take(), take(), take(), bind);
    take();
    const inner = either();
    if (take().value !== ')') throw wrong('a closing parenthesis is missing');
    return `(${inner})`;
  };
  const condition = either();
  if (peek().kind !== 'end') throw wrong(`"${peek().value}" was not expected there`);
  return condition;
}

function tokenize(query: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const text = query.trimEnd();
  while (TOKEN.lastIndex < text.length) {
    const from = TOKEN.lastIndex;
    const groups = TOKEN.exec(text)?.groups;
    if (!groups) throw wrong(`it cannot be read from "${text.slice(from).trim()}" on`);
    const quoted = groups.single ?? groups.double;
    if (quoted !== undefined) tokens.push({ kind: 'text', value: quoted.replace(/\\(.)/g, '$1') });
    else if (groups.sign) tokens.push({ kind: 'sign', value: groups.sign });
    else if (groups.operator) tokens.push({ kind: 'operator', value: groups.operator });
    else tokens.push({ kind: 'word', value: groups.word ?? '' });
  }
  return tokens;
}

function compare(name: Token, operator: Token, value: Token, bind: Bind): string {
  const field = name.kind === 'word' ? fields[name.value.toLowerCase()] : undefined;
  if (!field) throw wrong(name.kind === 'end' ? 'a comparison is missing' : `there is no field "${name.value}"`);
  if (operator.kind !== 'operator') throw wrong(`after ${name.value} one of = != < <= > >= is needed`);
  if (value.kind !== 'text' && value.kind !== 'word') throw wrong(`after ${name.value} ${operator.value} a value is needed`);
  const sign = operator.value === '!=' ? '<>' : operator.value;
  if (value.kind === 'word' && value.value.toLowerCase() === 'null') return `${field.column} IS ${sign === '<>' ? 'NOT ' : ''}NULL`;
  return `${field.column} ${sign} ${bind(readValue(field, value.value))}`;
}

function readValue(field: Field, text: string): unknown {
  if (field.kind === 'text') return text.toLowerCase();
  if (field.kind === 'time') return readTime(text);
  const number = Number(text);
  if (text.trim() === '' || !Number.isFinite(number)) throw wrong(`"${text}" is no number`);
  return number;
}

const TIME = /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d{1,3}))?)?)?Z?$/i;

function readTime(text: string): Date {
  const parts = TIME.exec(text.trim())
    ?.slice(1)
    .map((part) => Number(part ?? 0));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts ?? [];
  const time = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  if (!parts || time.getUTCMonth() !== month - 1 || time.getUTCDate() !== day)
    throw wrong(`"${text}" is no date; write it as 2026-05-08 or 2026-05-08 14:30`);
  return time;
}

const wrong = (what: string) =>
  new Refusal(
    'bad-request',
    `The query cannot be used: ${what}. Fields are ${FIELD_NAMES}, e.g. startTime>'2026-5-8' and status='failed'.`,
  );
