import { excerpt, type Token, wrongQuery } from './tokens.ts';

const END: Token = { kind: 'end', text: '' };

/** Goes through tokens one by one. */
export class TokenCursor {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  peek(): Token {
    return this.#tokens[this.#at] ?? END;
  }

  take(): Token {
    const token = this.peek();
    this.#at += 1;
    return token;
  }

  /** Takes the keyword when it comes next. */
  takeWord(word: string): boolean {
    return this.#takeIf((token) => token.kind === 'word' && token.text.toUpperCase() === word);
  }

  takeSign(sign: string): boolean {
    return this.#takeIf((token) => token.kind === 'sign' && token.text === sign);
  }

  expectWord(word: string): void {
    if (!this.takeWord(word)) throw this.#expected(word);
  }

  expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw this.#expected(excerpt(sign));
  }

  /** A bare name, of `what` in the words of an error. */
  name(what: string): string {
    if (this.peek().kind !== 'word') throw this.#expected(what);
    return this.take().text;
  }

  #takeIf(fits: (token: Token) => boolean): boolean {
    if (!fits(this.peek())) return false;
    this.#at += 1;
    return true;
  }

  #expected(what: string): Error {
    const { kind, text } = this.peek();
    return wrongQuery(`${what} was expected ${kind === 'end' ? 'at its end' : `in place of ${excerpt(text)}`}`);
  }
}
