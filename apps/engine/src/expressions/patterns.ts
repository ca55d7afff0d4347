import { errorText } from '#dataflow';
import { JavaPattern, type Use } from './regex/java-pattern.ts';
import { failed, shorten, toText, type Value } from './values.ts';

/** The uses of one expression that were made so far. */
interface Uses {
  pattern: JavaPattern;
  matches?: Use<(text: string) => boolean>;
  split?: Use<(text: string, limit?: number) => string[]>;
  replace: Map<string, Use<(text: string) => string>>;
}

const known = new Map<string, Uses>();
const mostKnown = 1000;

/** `=~` with text on the right, and `.matches()`: the whole of the value matches. Throws RegexError. */
export function matcherOf(source: string): Use<(text: string) => boolean> {
  const uses = usesOf(source);
  uses.matches ??= uses.pattern.compileMatches();
  return uses.matches;
}

/** `.replaceAll()` and `.replaceFirst()`. Throws RegexError. */
export function replacerOf(source: string, replacement: string, which: 'all' | 'first'): Use<(text: string) => string> {
  const { pattern, replace } = usesOf(source);
  const key = `${which}${replacement}`;
  const use = replace.get(key) ?? pattern.compileReplace(replacement, which);
  if (replace.size >= mostKnown) replace.clear();
  replace.set(key, use);
  return use;
}

/** `.split()`. Throws RegexError. */
export function splitterOf(source: string): Use<(text: string, limit?: number) => string[]> {
  const uses = usesOf(source);
  uses.split ??= uses.pattern.compileSplit();
  return uses.split;
}

function usesOf(source: string): Uses {
  const found = known.get(source);
  if (found) return found;
  if (known.size >= mostKnown) known.clear();
  const uses: Uses = { pattern: new JavaPattern(source), replace: new Map() };
  known.set(source, uses);
  return uses;
}

/** Makes a use of a pattern that was computed from a record: one that is wrong fails the record. */
export function forRecord<F>(source: Value, use: (source: string) => Use<F>): F {
  const text = toText(source);
  try {
    return use(text).run;
  } catch (error) {
    throw failed(unusable(text, error));
  }
}

export const unusable = (source: string, error: unknown): string =>
  `The regular expression ${shorten(JSON.stringify(source))} cannot be used: ${errorText(error)}`;
