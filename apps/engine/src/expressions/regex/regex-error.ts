import { ConfigError } from '#dataflow';

/** A regular expression that cannot be used. The text names the place (1-based character), the cause and the remedy. */
export class RegexError extends ConfigError {
  constructor(problem: string, at?: number, remedy = '') {
    const place = at === undefined ? '' : ` at character ${at + 1} of the expression`;
    super(`${problem}${place}.${remedy && ` ${remedy}`}`, { code: 'invalidParameter' });
  }
}
