import { RegexError } from './regex-error.ts';

/** A replacement of Java's kind taken apart: texts, and numbers of groups. */
export type Replacement = readonly (string | number)[];

/** Reads `$1`, `${name}` and backslashes as `Matcher.appendReplacement` does. Throws RegexError. */
export function parseReplacement(text: string, groups: number, names: ReadonlyMap<string, number>): Replacement {
  const pieces: (string | number)[] = [];
  const add = (literal: string) => {
    if (typeof pieces.at(-1) === 'string') pieces[pieces.length - 1] += literal;
    else pieces.push(literal);
  };
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (character === '\\') {
      if (++at === text.length) throw fault('A backslash at the end of the replacement stands for nothing', 'Write \\\\ for a backslash.');
      add(text[at] as string);
    } else if (character !== '$') add(character);
    else {
      const found = reference(text.slice(at + 1), groups, names);
      pieces.push(found.index);
      at += found.length;
    }
  }
  return pieces;
}

function reference(text: string, groups: number, names: ReadonlyMap<string, number>): { index: number; length: number } {
  const named = /^\{([^}]*)\}/.exec(text);
  if (named) {
    const index = names.get(named[1] as string);
    if (index === undefined) throw fault(`The replacement asks for the group ${named[1]}, but the expression has no (?<${named[1]}>…)`, '');
    return { index, length: named[0].length };
  }
  if (!/^[0-9]/.test(text)) throw fault('A $ in the replacement stands for no group', 'Write \\$ for the sign itself.');
  let index = Number(text[0]);
  if (index > groups) {
    const count = groups === 0 ? 'no group' : `${groups} group${groups === 1 ? '' : 's'}`;
    throw fault(
      `The replacement asks for group ${index}, but the expression has ${count}`,
      'Put the part in brackets, or write \\$ for the sign itself.',
    );
  }
  let length = 1;
  for (; /[0-9]/.test(text[length] ?? '') && index * 10 + Number(text[length]) <= groups; length++)
    index = index * 10 + Number(text[length]);
  return { index, length };
}

const fault = (problem: string, remedy: string) => new RegexError(problem, undefined, remedy);
