import type { BinaryOperator, Expression } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { functions, methods } from './functions.ts';
import { type Token, tokenize } from './lexer.ts';

type Level = Record<string, BinaryOperator | '&&' | '||'>;

/** From the loosest to the tightest, as in the grammar of Commons JEXL. */
const levels: Level[] = [
  { '||': '||', or: '||' },
  { '&&': '&&', and: '&&' },
  { '|': '|' },
  { '^': '^' },
  { '&': '&' },
  { '..': '..' },
  { '==': '==', eq: '==', '!=': '!=', ne: '!=' },
  {
    '<': '<',
    lt: '<',
    '<=': '<=',
    le: '<=',
    '>': '>',
    gt: '>',
    '>=': '>=',
    ge: '>=',
    '=~': '=~',
    '!~': '!~',
    '=^': '=^',
    '!^': '!^',
    '=$': '=$',
    '!$': '!$',
  },
  { '+': '+', '-': '-' },
  { '*': '*', '/': '/', div: '/', '%': '%', mod: '%' },
];

const wordOperators = new Set(levels.flatMap((level) => Object.keys(level)).filter((operator) => /^[a-z]+$/.test(operator)));
const statements = new Set([
  'var',
  'let',
  'const',
  'if',
  'else',
  'for',
  'foreach',
  'while',
  'do',
  'return',
  'break',
  'continue',
  'function',
  'new',
]);
const literals = new Map<string, null | boolean>([
  ['null', null],
  ['true', true],
  ['false', false],
]);

/** Deeper nesting than this is refused, so that no expression can exhaust the stack. */
const deepest = 200;
/** So many operators of one kind, or so many dots and brackets, may follow each other: each nests what stands before it. */
const longestChain = 500;
const longest = 10_000;

/** Parses one JEXL expression; throws ExpressionError. */
export const parseExpression = (source: string): Expression => new Parser(source).parse();

class Parser {
  readonly #tokens: Token[];
  #next = 0;
  #depth = 0;

  constructor(source: string) {
    if (source.length > longest) throw new ExpressionError(`The expression has more than ${longest} characters; it ends`, longest);
    this.#tokens = tokenize(source);
  }

  parse(): Expression {
    if (this.#peek().kind === 'end') throw new ExpressionError('An expression was expected, but there is none', 0);
    const expression = this.#expression();
    if (this.#isSign(';')) this.#take();
    if (this.#peek().kind !== 'end') throw this.#unexpected('an operator or the end');
    return expression;
  }

  #expression(): Expression {
    if (++this.#depth > deepest) throw new ExpressionError(`The expression is nested deeper than ${deepest} levels`, this.#peek().at);
    const test = this.#level(0);
    const found = this.#choice(test);
    this.#depth--;
    return found;
  }

  #choice(test: Expression): Expression {
    if (this.#isSign('?')) {
      this.#take();
      const then = this.#expression();
      this.#expect(':');
      return { kind: 'choice', test, then, otherwise: this.#expression() };
    }
    for (const operator of ['?:', '??'] as const) {
      if (this.#isSign(operator)) {
        this.#take();
        return { kind: 'logical', operator, left: test, right: this.#expression() };
      }
    }
    return test;
  }

  #level(index: number): Expression {
    const level = levels[index];
    if (level === undefined) return this.#unary();
    let left = this.#level(index + 1);
    let links = 0;
    for (let operator = this.#operator(level); operator !== undefined; operator = this.#operator(level)) {
      const { at } = this.#take();
      this.#checkChain(++links, at);
      const right = this.#level(index + 1);
      if (operator === '&&' || operator === '||') left = { kind: 'logical', operator, left, right };
      else left = { kind: 'binary', operator, left, right, at };
    }
    return left;
  }

  #checkChain(links: number, at: number): void {
    if (links > longestChain) throw new ExpressionError(`More than ${longestChain} parts follow each other; use brackets`, at);
  }

  #operator(level: Level): Level[string] | undefined {
    const token = this.#peek();
    return (token.kind === 'sign' || token.kind === 'name') && Object.hasOwn(level, token.text) ? level[token.text] : undefined;
  }

  #unary(): Expression {
    const token = this.#peek();
    if (++this.#depth > deepest) throw new ExpressionError(`The expression is nested deeper than ${deepest} levels`, token.at);
    const found = this.#prefixed(token) ?? this.#postfix(this.#primary());
    this.#depth--;
    return found;
  }

  #prefixed(token: Token): Expression | undefined {
    const { text, at } = token;
    if (text === '!' || text === '-' || text === '~' || (text === 'not' && this.#operandFollows())) {
      this.#take();
      return { kind: 'unary', operator: text === 'not' ? '!' : text, operand: this.#unary(), at };
    }
    if (token.kind === 'name' && Object.hasOwn(functions, text) && this.#operandFollows()) {
      this.#take();
      return { kind: 'function', name: text, args: [this.#unary()], at };
    }
    return undefined;
  }

  /** Tells `size name` and `not x` from fields that are called `size` or `not`. */
  #operandFollows(): boolean {
    const after = this.#tokens[this.#next + 1];
    if (after === undefined || after.kind === 'end') return false;
    if (after.kind === 'sign') return ['(', '[', '{', '!', '~'].includes(after.value);
    return !(after.kind === 'name' && wordOperators.has(after.text));
  }

  #primary(): Expression {
    const token = this.#peek();
    if (token.kind === 'number' || token.kind === 'text') {
      this.#take();
      return { kind: 'literal', value: token.value, ...(token.kind === 'number' && { float: token.float }) };
    }
    if (token.kind === 'template') return this.#template(token);
    if (token.kind === 'name') return this.#named(token);
    if (this.#isSign('(')) {
      this.#take();
      const inner = this.#expression();
      this.#expect(')');
      return inner;
    }
    if (this.#isSign('[')) return { kind: 'list', items: this.#items('[', ']') };
    if (this.#isSign('{')) return this.#map();
    throw this.#unexpected('a value');
  }

  #template({ parts }: Token & { kind: 'template' }): Expression {
    this.#take();
    const parsed = parts.filter((part) => part !== '').map((part) => (typeof part === 'string' ? part : this.#embedded(part)));
    const [only] = parsed;
    return parsed.length === 1 && typeof only === 'object' ? only : { kind: 'template', parts: parsed };
  }

  /** Places in error texts are those of the whole expression. */
  #embedded({ source, at }: { source: string; at: number }): Expression {
    return new Parser(' '.repeat(at) + source).parse();
  }

  #named(token: Token & { kind: 'name' }): Expression {
    const { text, value, at } = token;
    if (statements.has(text))
      throw new ExpressionError(`${text} is a statement of a script; an expression only computes a value. Found`, at);
    if (wordOperators.has(text)) throw this.#unexpected('a value');
    this.#take();
    const literal = literals.get(text);
    if (literal !== undefined) return { kind: 'literal', value: literal };
    if (this.#isSign('(')) {
      throw new ExpressionError(`There is no function ${value}; functions are ${Object.keys(functions).join(', ')}. Found`, at);
    }
    return { kind: 'field', parts: [value] };
  }

  #postfix(start: Expression): Expression {
    let found = start;
    for (let links = 0; ; links++) {
      this.#checkChain(links, this.#peek().at);
      if (this.#isSign('.') || this.#isSign('?.')) found = this.#dotted(found);
      else if (this.#isSign('[')) {
        this.#take();
        found = { kind: 'member', of: found, key: this.#expression() };
        this.#expect(']');
      } else return found;
    }
  }

  #dotted(of: Expression): Expression {
    this.#take();
    const token = this.#peek();
    if (token.kind !== 'name' && token.kind !== 'number' && token.kind !== 'text') throw this.#unexpected('a field name');
    this.#take();
    const name = String(token.value);
    if (this.#isSign('(')) {
      if (!Object.hasOwn(methods, name)) {
        throw new ExpressionError(`There is no method ${name}(); methods are ${Object.keys(methods).join(', ')}. Found`, token.at);
      }
      return { kind: 'call', of, method: name, args: this.#items('(', ')'), at: token.at };
    }
    if (of.kind === 'field' && token.kind !== 'text') return { kind: 'field', parts: [...of.parts, name] };
    return { kind: 'member', of, key: { kind: 'literal', value: name } };
  }

  #items(open: string, close: string): Expression[] {
    this.#expect(open);
    const items: Expression[] = [];
    while (!this.#isSign(close)) {
      if (items.length > 0) this.#expect(',');
      items.push(this.#expression());
    }
    this.#expect(close);
    return items;
  }

  #map(): Expression {
    this.#expect('{');
    const entries: { key: Expression; value: Expression }[] = [];
    if (this.#isSign(':')) this.#take();
    while (!this.#isSign('}')) {
      if (entries.length > 0) this.#expect(',');
      const key = this.#level(0);
      this.#expect(':');
      entries.push({ key: key.kind === 'field' ? { kind: 'literal', value: key.parts.join('.') } : key, value: this.#expression() });
    }
    this.#expect('}');
    return { kind: 'map', entries };
  }

  #peek(): Token {
    return this.#tokens[this.#next] as Token;
  }

  #take(): Token {
    return this.#tokens[this.#next++] as Token;
  }

  #isSign(sign: string): boolean {
    const token = this.#peek();
    return token.kind === 'sign' && token.value === sign;
  }

  #expect(sign: string): void {
    if (!this.#isSign(sign)) throw this.#unexpected(sign);
    this.#take();
  }

  #unexpected(expected: string): ExpressionError {
    const token = this.#peek();
    if (token.text === '=') return new ExpressionError('An expression cannot assign; to compare, write == or eq. Found =', token.at);
    const found = token.kind === 'end' ? 'the expression ends' : `found ${token.text}`;
    return new ExpressionError(`Expected ${expected}, but ${found}`, token.at);
  }
}
