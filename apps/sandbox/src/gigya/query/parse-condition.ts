import type { Comparison, Condition, Literal } from './syntax.ts';
import type { TokenReader } from './token-reader.ts';

const comparisons: readonly string[] = ['=', '!=', '<', '<=', '>', '>='] satisfies Comparison[];

/** OR binds weaker than AND, AND weaker than NOT. */
export function parseCondition(tokens: TokenReader): Condition {
  return parseChain(tokens, 'OR', () => parseChain(tokens, 'AND', () => parseNegation(tokens)));
}

function parseChain(tokens: TokenReader, word: 'AND' | 'OR', parsePart: () => Condition): Condition {
  const first = parsePart();
  const parts = [first];
  while (tokens.takeKeyword(word)) parts.push(parsePart());
  return parts.length === 1 ? first : { kind: word === 'AND' ? 'and' : 'or', parts };
}

function parseNegation(tokens: TokenReader): Condition {
  if (tokens.takeKeyword('NOT')) return { kind: 'not', part: parseNegation(tokens) };
  if (!tokens.takeSymbol('(')) return parseTest(tokens);
  const inner = parseCondition(tokens);
  tokens.expectSymbol(')');
  return inner;
}

function parseTest(tokens: TokenReader): Condition {
  const { at } = tokens.current;
  const path = tokens.expectWord('a field');
  if (tokens.takeKeyword('IS', 'NOT', 'NULL')) return { kind: 'not', part: { kind: 'null', path, at } };
  if (tokens.takeKeyword('IS', 'NULL')) return { kind: 'null', path, at };
  if (tokens.takeKeyword('NOT', 'CONTAINS')) return { kind: 'not', part: { kind: 'contains', path, value: parseLiteral(tokens), at } };
  if (tokens.takeKeyword('CONTAINS')) return { kind: 'contains', path, value: parseLiteral(tokens), at };
  if (tokens.takeKeyword('NOT', 'IN')) return { kind: 'not', part: { kind: 'in', path, values: parseList(tokens), at } };
  if (tokens.takeKeyword('IN')) return { kind: 'in', path, values: parseList(tokens), at };
  return parseComparison(tokens, path);
}

function parseComparison(tokens: TokenReader, path: string): Condition {
  const { kind, text, at } = tokens.current;
  if (kind !== 'symbol' || !comparisons.includes(text)) throw tokens.expected('an operator');
  tokens.take();
  const operator = text as Comparison;
  const isEquality = operator === '=' || operator === '!=';
  if (isEquality && tokens.takeKeyword('REGEX')) {
    tokens.expectSymbol('(');
    if (tokens.current.kind !== 'string') throw tokens.expected('a pattern in quotes');
    const test: Condition = { kind: 'regex', path, pattern: tokens.take().text, at };
    tokens.expectSymbol(')');
    return operator === '=' ? test : { kind: 'not', part: test };
  }
  return { kind: 'compare', path, operator, value: parseLiteral(tokens), at };
}

function parseList(tokens: TokenReader): Literal[] {
  tokens.expectSymbol('(');
  const values = [parseLiteral(tokens)];
  while (tokens.takeSymbol(',')) values.push(parseLiteral(tokens));
  tokens.expectSymbol(')');
  return values;
}

function parseLiteral(tokens: TokenReader): Literal {
  if (tokens.takeKeyword('TRUE')) return true;
  if (tokens.takeKeyword('FALSE')) return false;
  if (tokens.takeKeyword('NULL')) return null;
  const { kind } = tokens.current;
  if (kind === 'string') return tokens.take().text;
  if (kind === 'number') return Number(tokens.take().text);
  throw tokens.expected('a value');
}
