import { RegexError } from './regex-error.ts';

/** The text of an expression, read from left to right by code points. */
export class SourceReader {
  readonly source: string;
  at = 0;

  constructor(source: string) {
    this.source = source;
  }

  get done(): boolean {
    return this.at >= this.source.length;
  }

  /** The next character, or empty text at the end. */
  peek(): string {
    const point = this.source.codePointAt(this.at);
    return point === undefined ? '' : String.fromCodePoint(point);
  }

  take(): string {
    const character = this.peek();
    this.at += character.length;
    return character;
  }

  startsWith(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  takeIf(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.at += text.length;
    return true;
  }

  /** What a sticky expression matches here; it is taken. */
  match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.at;
    const found = expression.exec(this.source);
    if (found) this.at += found[0].length;
    return found ?? undefined;
  }

  /** Text up to a mark, which is taken too; the rest when the mark does not come. */
  takeUntil(mark: string): string {
    const end = this.source.indexOf(mark, this.at);
    const text = this.source.slice(this.at, end < 0 ? undefined : end);
    this.at = end < 0 ? this.source.length : end + mark.length;
    return text;
  }

  fault(problem: string, { at = this.at, remedy = '' }: { at?: number; remedy?: string } = {}): RegexError {
    return new RegexError(problem, at, remedy);
  }
}
