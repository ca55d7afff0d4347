import { type DataRecord, errorText, type Json } from '#dataflow';
import type { Expression } from './ast.ts';
import { ExpressionError } from './expression-error.ts';
import { compileField, keysOf } from './fields.ts';
import { functions, methods } from './functions.ts';
import { binary, divideReal, invert, mayThrow, negate } from './operators.ts';
import { parseExpression } from './parser.ts';
import { patternOf } from './patterns.ts';
import { isTrue, member, toText, type Value } from './values.ts';

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
  return { run: (record) => closure(record) ?? null, keys: [...compiler.keys], mayFail: compiler.mayFail };
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
      case 'list': {
        const items = expression.items.map((item) => this.compile(item));
        return (record) => items.map((item) => item(record) ?? null);
      }
      case 'map':
        return this.#map(expression);
    }
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
    const pattern = method.pattern === undefined ? undefined : args[method.pattern];
    if (pattern) this.#checkPattern(pattern, at);
    else if (name === 'substring' || name === 'charAt') this.mayFail = true;
    const owner = this.compile(of);
    const values = args.map((arg) => this.compile(arg));
    return (record) => {
      const receiver = owner(record);
      if (receiver === undefined || receiver === null) return null;
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
    return operator === '-' ? (record) => negate(0, value(record)) : (record) => invert(value(record), 0);
  }

  #binary({ operator, left, right, at }: Expression & { kind: 'binary' }): Closure {
    if (mayThrow.has(operator)) this.mayFail = true;
    if (operator === '=~' || operator === '!~') this.#checkPattern(right, at);
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
  #checkPattern(pattern: Expression, at: number): void {
    if (pattern.kind === 'list' || pattern.kind === 'map') return;
    if (pattern.kind !== 'literal') {
      this.mayFail = true;
      return;
    }
    if (typeof pattern.value !== 'string') return;
    try {
      patternOf(pattern.value, true);
    } catch (error) {
      throw new ExpressionError(`${errorText(error).replace(/\.$/, '')}`, at);
    }
  }
}

const isFloat = (expression: Expression): boolean => expression.kind === 'literal' && expression.float === true;
