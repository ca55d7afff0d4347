import { syntaxError, tokenize } from './lexer.ts';
import { parseCondition } from './parse-condition.ts';
import { type AggregateName, aggregateNames, type Query, type SelectItem } from './syntax.ts';
import { TokenReader } from './token-reader.ts';

const clauses = ['SELECT', 'FROM', 'WHERE', 'ORDER', 'START', 'LIMIT', 'WITH'];
const unsupported = ['HAVING', 'GROUP', 'FILTER'];

/** Finds a source by its name as written; nothing when it cannot be searched. */
export type SourceFinder<Source extends string> = (name: string) => Source | undefined;

/** Parses a search query. Throws ApiError 400006 that names the position, also for clauses out of order. */
export function parseQuery<Source extends string>(text: string, findSource: SourceFinder<Source>): Query<Source> {
  const tokens = new TokenReader(tokenize(text));
  tokens.expectKeyword('SELECT');
  const select = parseSelect(tokens);
  tokens.expectKeyword('FROM');
  const source = parseSource(tokens, findSource);
  const where = tokens.takeKeyword('WHERE') ? parseCondition(tokens) : undefined;
  const orderBy = parseOrder(tokens);
  const start = tokens.takeKeyword('START') ? tokens.expectWholeNumber('START') : 0;
  const limit = tokens.takeKeyword('LIMIT') ? tokens.expectWholeNumber('LIMIT') : undefined;
  const withCounters = tokens.takeKeyword('WITH', 'COUNTERS');
  expectEnd(tokens);
  return { select, source, ...(where ? { where } : {}), orderBy, start, limit, withCounters };
}

function parseSelect(tokens: TokenReader): SelectItem[] {
  const { at } = tokens.current;
  const items = [parseItem(tokens)];
  while (tokens.takeSymbol(',')) items.push(parseItem(tokens));
  const aggregates = items.filter(({ kind }) => kind === 'aggregate').length;
  if (aggregates > 0 && aggregates < items.length) throw syntaxError('fields and aggregates cannot be selected together', at);
  return items;
}

function parseItem(tokens: TokenReader): SelectItem {
  if (tokens.takeSymbol('*')) return { kind: 'all' };
  const path = tokens.expectWord('a field');
  if (tokens.takeSymbol('(')) return parseAggregate(tokens, path);
  const alias = tokens.takeKeyword('AS') ? tokens.expectWord('a name after AS') : undefined;
  return alias === undefined ? { kind: 'path', path } : { kind: 'path', path, alias };
}

function parseAggregate(tokens: TokenReader, word: string): SelectItem {
  const operation = word.toLowerCase() as AggregateName;
  if (!aggregateNames.includes(operation)) throw tokens.expected(`one of ${aggregateNames.join(', ')} before '(', not '${word}'`);
  const path = tokens.takeSymbol('*') ? '*' : tokens.expectWord('a field');
  if (path === '*' && operation !== 'count') throw tokens.expected(`a field in ${operation}()`);
  tokens.expectSymbol(')');
  const alias = tokens.takeKeyword('AS') ? tokens.expectWord('a name after AS') : undefined;
  return { kind: 'aggregate', operation, path, name: alias ?? `${operation}(${path})` };
}

function parseSource<Source extends string>(tokens: TokenReader, findSource: SourceFinder<Source>): Source {
  const { at } = tokens.current;
  const name = tokens.expectWord('a source');
  const source = findSource(name);
  if (source === undefined) throw syntaxError(`'${name}' cannot be searched by this method`, at);
  return source;
}

function parseOrder(tokens: TokenReader): Query['orderBy'] {
  if (!tokens.takeKeyword('ORDER', 'BY')) return [];
  const keys: Query['orderBy'] = [];
  do {
    const { at } = tokens.current;
    const path = tokens.expectWord('a field');
    const descending = tokens.takeKeyword('DESC');
    if (!descending) tokens.takeKeyword('ASC');
    keys.push({ path, descending, at });
  } while (tokens.takeSymbol(','));
  return keys;
}

function expectEnd(tokens: TokenReader): void {
  const { kind, text, at } = tokens.current;
  if (kind === 'end') return;
  const word = text.toUpperCase();
  if (kind === 'word' && unsupported.includes(word)) throw syntaxError(`${word} is not supported`, at);
  if (kind === 'word' && clauses.includes(word)) {
    throw syntaxError(`${word} is out of order or given twice; the order is SELECT, FROM, WHERE, ORDER BY, START, LIMIT, WITH`, at);
  }
  throw tokens.expected('the end of the query');
}
