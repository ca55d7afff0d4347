import type { DataRecord, Json } from '#dataflow';
import type { Expression } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { compileField, keysOf } from './fields.ts';
import { functions, methods, type PatternUse } from './functions.ts';
import { binary, divideReal, invert, mayThrow, negate } from './operators.ts';
import { parseExpression } from './parser.ts';
import { matcherOf, unusable } from './patterns.ts';
import { failed, isTrue, member, toText, type Value } from './values.ts';

export interface CompiledExpression {
  /** Never changes the record. Throws RecordError when a value cannot be computed with. */
  run(record: DataRecord): Json;
  /** Keys of the record that {@link run} looks at; no others matter. */
  keys: readonly string[];
  /** False when {@link run} never throws. */
  mayFail: boolean;
}

type Closure = (record: DataRecord) => Value;

/** Parses a JEXL expression once and turns it into closures. Throws ExpressionError. */
export function analyseExpression(source: string): CompiledExpression {
  const compiler = new Compiler();
  const closure = compiler.compile(parseExpression(source));
  return { run: (record) => runGuarded(closure, record), keys: [...compiler.keys], mayFail: compiler.mayFail };
}

/** A text or list beyond what the engine can hold fails the record. */
function runGuarded(closure: Closure, record: DataRecord): Json {
  try {
    return closure(record) ?? null;
  } catch (error) {
    throw error instanceof RangeError ? failed('The result is too large to be held.') : error;
  }
}

/** A function that computes a JEXL expression over a record. Throws ExpressionError. */
export const compileExpression = (source: string): ((record: DataRecord) => Json) => analyseExpression(source).run;

class Compiler {
  readonly keys = new Set<string>();
  mayFail = false;

  compile(expression: Expression): Closure {
    switch (expression.kind) {
      case 'literal':
        return this.#literal(expression);
      case 'field':
        for (const key of keysOf(expression.parts)) this.keys.add(key);
        return compileField(expression.parts);
      case 'member':
        return this.#member(expression);
      case 'call':
        return this.#call(expression);
      case 'function':
        return this.#function(expression);
      case 'unary':
        return this.#unary(expression);
      case 'binary':
        return this.#binary(expression);
      case 'logical':
        return this.#logical(expression);
      case 'choice':
        return this.#choice(expression);
      case 'template':
        return this.#template(expression);
      case 'list': {
        const items = expression.items.map((item) => this.compile(item));
        return (record) => items.map((item) => item(record) ?? null);
      }
      case 'map':
        return this.#map(expression);
    }
  }

  #template({ parts }: Expression & { kind: 'template' }): Closure {
    const values = parts.map((part) => (typeof part === 'string' ? () => part : this.compile(part)));
    return (record) => values.reduce((text, value) => text + toText(value(record)), '');
  }

  #literal({ value }: Expression & { kind: 'literal' }): Closure {
    return () => value;
  }

  #member({ of, key }: Expression & { kind: 'member' }): Closure {
    const [owner, name] = [this.compile(of), this.compile(key)];
    return (record) => member(owner(record), name(record));
  }

  #call({ of, method: name, args, at }: Expression & { kind: 'call' }): Closure {
    const method = methods[name];
    if (!method) throw new ExpressionError(`There is no method ${name}(). Found`, at);
    const [fewest, most] = method.args;
    if (args.length < fewest || args.length > most) {
      const wanted = fewest === most ? `${fewest}` : `${fewest} or ${most}`;
      throw new ExpressionError(`${name}() takes ${wanted} argument${most === 1 ? '' : 's'}, but has ${args.length},`, at);
    }
    if (method.pattern) this.#checkUse(method.pattern, args, at);
    if (method.mayFail) this.mayFail = true;
    const owner = this.compile(of);
    const ofNull = name === 'size' ? 0 : null;
    const values = args.map((arg) => this.compile(arg));
    return (record) => {
      const receiver = owner(record);
      if (receiver === undefined || receiver === null) return ofNull;
      return method.call(
        receiver,
        values.map((value) => value(record)),
      );
    };
  }

  #function({ name, args, at }: Expression & { kind: 'function' }): Closure {
    const compute = functions[name];
    const [arg] = args;
    if (!compute || !arg) throw new ExpressionError(`There is no function ${name}(). Found`, at);
    const value = this.compile(arg);
    return (record) => compute(value(record));
  }

  #unary({ operator, operand }: Expression & { kind: 'unary' }): Closure {
    const value = this.compile(operand);
    if (operator === '!') return (record) => !isTrue(value(record));
    if (operand.kind === 'literal' && typeof operand.value === 'number' && operator === '-') {
      const negative = -operand.value;
      return () => negative;
    }
    this.mayFail = true;
    return operator === '-' ? (record) => negate(value(record)) : (record) => invert(value(record), 0);
  }

  #binary({ operator, left, right, at }: Expression & { kind: 'binary' }): Closure {
    if (mayThrow.has(operator)) this.mayFail = true;
    if (operator === '=~' || operator === '!~') this.#checkUse(([source = '']) => matcherOf(source), [right], at);
    const compute = operator === '/' && (isFloat(left) || isFloat(right)) ? divideReal : binary[operator];
    const [a, b] = [this.compile(left), this.compile(right)];
    return (record) => compute(a(record), b(record));
  }

  #logical({ operator, left, right }: Expression & { kind: 'logical' }): Closure {
    const [a, b] = [this.compile(left), this.compile(right)];
    switch (operator) {
      case '&&':
        return (record) => isTrue(a(record)) && isTrue(b(record));
      case '||':
        return (record) => isTrue(a(record)) || isTrue(b(record));
      case '?:':
        return (record) => {
          const value = a(record);
          return isTrue(value) ? value : b(record);
        };
      case '??':
        return (record) => a(record) ?? b(record);
    }
  }

  #choice({ test, then, otherwise }: Expression & { kind: 'choice' }): Closure {
    const [condition, yes, no] = [this.compile(test), this.compile(then), this.compile(otherwise)];
    return (record) => (isTrue(condition(record)) ? yes(record) : no(record));
  }

  #map({ entries }: Expression & { kind: 'map' }): Closure {
    const pairs = entries.map(({ key, value }) => [this.compile(key), this.compile(value)] as const);
    return (record) => Object.fromEntries(pairs.map(([key, value]) => [toText(key(record)), value(record) ?? null]));
  }

  /** A pattern written out is checked now; one that is computed can only fail later. */
  #checkUse(use: PatternUse, args: readonly Expression[], at: number): void {
    const texts = args.map((arg) => (arg.kind === 'literal' && typeof arg.value !== 'object' ? String(arg.value) : undefined));
    if (args.every(({ kind }) => kind === 'list' || kind === 'map')) return;
    if (!texts.every((text) => text !== undefined)) {
      this.mayFail = true;
      return;
    }
    try {
      if (use(texts).mayFail) this.mayFail = true;
    } catch (error) {
      throw new ExpressionError(`${unusable(texts[0] ?? '', error)} It stands`, at);
    }
  }
}

const isFloat = (expression: Expression): boolean => expression.kind === 'literal' && expression.float === true;
