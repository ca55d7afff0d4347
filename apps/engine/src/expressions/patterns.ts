import { failed, shorten } from './values.ts';

const compiled = new Map<string, RegExp>();

/** A regular expression of Java's kind as far as JavaScript knows it. Throws a RecordError when it does not. */
export function patternOf(source: string, whole: boolean): RegExp {
  const key = `${whole ? 'w' : 'g'}${source}`;
  let pattern = compiled.get(key);
  if (!pattern) {
    try {
      pattern = whole ? new RegExp(`^(?:${source})$`, 's') : new RegExp(source, 'g');
    } catch (cause) {
      throw failed(`${shorten(JSON.stringify(source))} is no valid regular expression: ${cause instanceof Error ? cause.message : cause}.`);
    }
    if (compiled.size >= 1000) compiled.clear();
    compiled.set(key, pattern);
  }
  pattern.lastIndex = 0;
  return pattern;
}

/** `=~` with text on the right: the whole of `value` matches, as `String.matches` of Java. */
export const matches = (value: string, source: string): boolean => patternOf(source, true).test(value);
