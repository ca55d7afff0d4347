import type { Json } from '#dataflow';

export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '=~'
  | '!~'
  | '=^'
  | '!^'
  | '=$'
  | '!$'
  | '..'
  | '&'
  | '|'
  | '^';

/** A parsed expression. `at` is the 0-based place in the source. */
export type Expression =
  | { kind: 'literal'; value: Json; float?: boolean }
  /** A field of the record: `profile.email`. */
  | { kind: 'field'; parts: string[] }
  | { kind: 'member'; of: Expression; key: Expression }
  | { kind: 'call'; of: Expression; method: string; args: Expression[]; at: number }
  | { kind: 'function'; name: string; args: Expression[]; at: number }
  | { kind: 'unary'; operator: '!' | '-' | '~'; operand: Expression; at: number }
  | { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression; at: number }
  | { kind: 'logical'; operator: '&&' | '||' | '?:' | '??'; left: Expression; right: Expression }
  | { kind: 'choice'; test: Expression; then: Expression; otherwise: Expression }
  /** Texts and expressions between backquotes. */
  | { kind: 'template'; parts: readonly (string | Expression)[] }
  | { kind: 'list'; items: Expression[] }
  | { kind: 'map'; entries: { key: Expression; value: Expression }[] };
