/** Text that the type checker sees and the person who writes does not. */
export interface Insertion {
  /** Where it stands, in characters from the start of the written text. */
  at: number;
  text: string;
}

const entry = /^[ \t]*(?=(?:async\s+)?function\s+process\s*\()/m;
const typedByHand = /\/\*\*(?:(?!\*\/)[\s\S])*@(?:type|param)\b(?:(?!\*\/)[\s\S])*\*\/\s*$/;

/**
 * Gives the arguments of `function process(…)` their types, on the same line so that lines keep their numbers. Undefined
 * when there is no such function or its types were written by hand.
 */
export function typesOf(script: string): Insertion | undefined {
  const found = entry.exec(script);
  if (!found) return undefined;
  const at = found.index + found[0].length;
  return typedByHand.test(script.slice(0, at)) ? undefined : { at, text: '/** @type {Process} */ ' };
}

export const withTypes = (script: string): string => {
  const added = typesOf(script);
  return added ? script.slice(0, added.at) + added.text + script.slice(added.at) : script;
};

/** A place in the written text as the checker counts it. */
export const toChecked = ({ at, text }: Insertion, place: number): number => (place >= at ? place + text.length : place);

/** A place the checker speaks of, in the written text; what lies inside the insertion becomes its place. */
export function toWritten({ at, text }: Insertion, place: number): number {
  return place <= at ? place : Math.max(at, place - text.length);
}

const isPlain = (value: object) => Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;

/** A copy of an answer of the checker with all its spans (`start` and `length`) in the written text. */
export function answerToWritten<T>(answer: T, added: Insertion): T {
  if (typeof answer !== 'object' || answer === null || !isPlain(answer)) return answer;
  if (Array.isArray(answer)) return answer.map((each) => answerToWritten(each, added)) as T;
  const copy: Record<string, unknown> = Object.fromEntries(
    Object.entries(answer).map(([key, value]) => [key, answerToWritten(value, added)]),
  );
  if (typeof copy.start === 'number' && typeof copy.length === 'number') {
    const end = toWritten(added, copy.start + copy.length);
    copy.start = toWritten(added, copy.start);
    copy.length = end - Number(copy.start);
  }
  return copy as T;
}
