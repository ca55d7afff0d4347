import { ConfigError } from '#dataflow';

/** An expression that cannot be compiled. The text names the place (1-based character) and what was expected there. */
export class ExpressionError extends ConfigError {
  constructor(problem: string, at: number) {
    super(`${problem} at character ${at + 1}.`, { code: 'expressionFailed', details: { position: at + 1 } });
  }
}
