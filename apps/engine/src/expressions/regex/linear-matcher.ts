import { createRequire } from 'node:module';
import type { RE2JS } from 're2js';
import { errorText, RecordError } from '#dataflow';
import { RegexError } from './regex-error.ts';

/** Where an expression matched, and the text of its groups (0: all of it). */
export interface Match {
  start: number;
  end: number;
  group(index: number): string | null | undefined;
}

/** A search for all matches may begin anew at each of them; this many milliseconds are the most for one text. */
const patienceMs = 5000;

const load = createRequire(import.meta.url);
let library: typeof import('re2js') | undefined;

/** RE2 over one expression: time in proportion to the length of the text for each match. The library is loaded on first use. */
export class LinearMatcher {
  readonly #pattern: RE2JS;

  constructor(source: string) {
    library ??= load('re2js') as typeof import('re2js');
    try {
      this.#pattern = library.RE2JS.compile(source);
    } catch (cause) {
      throw new RegexError(`The expression is too large: ${errorText(cause)}`);
    }
  }

  matchesWhole(text: string): boolean {
    return this.#pattern.testExact(text);
  }

  /** All matches from left to right. Throws RecordError when there is no end to it. */
  *find(text: string): Iterable<Match> {
    const matcher = this.#pattern.matcher(text);
    const until = performance.now() + patienceMs;
    for (let count = 1; matcher.find(); count++) {
      yield { start: matcher.start(), end: matcher.end(), group: (index) => matcher.group(index) };
      if (count % 16 === 0 && performance.now() > until) {
        throw new RecordError(
          `The regular expression took more than ${patienceMs / 1000} seconds over a text of ${text.length} characters.`,
          {
            code: 'limitExceeded',
          },
        );
      }
    }
  }
}
