import type { Json } from '#dataflow';

/**
 * The typed value of a cell's text, where nothing is lost by it: `true`, `false`, and numbers whose own text is the same as the cell's.
 * So `007`, `+49`, `1.50` and numbers with more digits than a double holds stay text.
 * Scripts run its text in an isolate, so it uses nothing from outside.
 */
export function inferType(text: string): Json {
  const first = text.charCodeAt(0);
  if (first === 0x74) return text === 'true' ? true : text;
  if (first === 0x66) return text === 'false' ? false : text;
  if ((first < 0x30 || first > 0x39) && first !== 0x2d) return text;
  if (!/^-?(?:0|[1-9]\d*)(?:\.\d+)?$/.test(text)) return text;
  const value = Number(text);
  return String(value) === text ? value : text;
}
