import type { ApiError } from '../api-error.ts';
import { syntaxError, type Token } from './lexer.ts';

/** Walks over tokens; keywords are compared without regard to case. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get current(): Token {
    return this.#tokens[this.#next] ?? { kind: 'end', text: '', at: 0 };
  }

  take(): Token {
    const token = this.current;
    this.#next++;
    return token;
  }

  isKeyword(...words: string[]): boolean {
    return words.every((word, ahead) => {
      const token = this.#tokens[this.#next + ahead];
      return token?.kind === 'word' && token.text.toUpperCase() === word;
    });
  }

  /** Takes the words when all of them come next. */
  takeKeyword(...words: string[]): boolean {
    if (!this.isKeyword(...words)) return false;
    this.#next += words.length;
    return true;
  }

  isSymbol(text: string): boolean {
    return this.current.kind === 'symbol' && this.current.text === text;
  }

  takeSymbol(text: string): boolean {
    if (!this.isSymbol(text)) return false;
    this.#next++;
    return true;
  }

  expectSymbol(text: string): void {
    if (!this.takeSymbol(text)) throw this.expected(`'${text}'`);
  }

  expectKeyword(word: string): void {
    if (!this.takeKeyword(word)) throw this.expected(word);
  }

  expectWord(what: string): string {
    if (this.current.kind !== 'word') throw this.expected(what);
    return this.take().text;
  }

  expectWholeNumber(what: string): number {
    const token = this.current;
    if (token.kind !== 'number' || !/^\d{1,9}$/.test(token.text)) throw this.expected(`a whole number after ${what}`);
    this.take();
    return Number(token.text);
  }

  expected(what: string): ApiError {
    const { kind, text, at } = this.current;
    return syntaxError(`expected ${what} but found ${kind === 'end' ? 'the end' : `'${text}'`}`, at);
  }
}
