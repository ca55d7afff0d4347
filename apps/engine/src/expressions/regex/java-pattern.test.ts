import { describe, expect, it } from 'vitest';
import answers from '../fixtures/java-regex.json' with { type: 'json' };
import { type RegexCase, regexCases } from '../fixtures/regex-cases.ts';
import { JavaPattern } from './java-pattern.ts';

function run([operation, expression, text, replacement]: RegexCase): string | string[] {
  const pattern = new JavaPattern(expression);
  if (operation === 'matches') return String(pattern.compileMatches().run(text));
  if (operation === 'split') {
    const pieces = pattern.compileSplit().run(text);
    // What comes back from Java is joined with commas, and nothing joined is an empty text.
    return pieces.length === 0 ? [''] : pieces;
  }
  return pattern.compileReplace(replacement, operation === 'replaceAll' ? 'all' : 'first').run(text);
}

/** Of java.util.regex but not here: each is refused when the step is checked, with a text that says why. */
const refused: Record<string, RegExp> = {
  '\\p{javaLowerCase}': /not a known class of characters/,
  '\\p{InGreek}': /not a known class of characters/,
  'a++': /The possessive \+\+ of Java is not supported at character 2/,
  'a*+b': /The possessive \*\+ of Java is not supported/,
  '(?>a|ab)c': /never gives back what it took, is not supported/,
  '(a)?\\1': /may not have matched/,
  '(?<=a+)b': /no greatest length/,
  '(a|b*)*': /repeats a part that may match nothing/,
  '(?U)\\w': /The flag U is not supported/,
  '\\G': /\\G of Java is not supported/,
  '\\X': /\\X of Java is not supported/,
};

describe('regular expressions of Java', () => {
  it('give what Java 17 gives, or are refused', { timeout: 60_000 }, () => {
    expect(answers.length).toBe(regexCases.length);
    const wrong = regexCases.flatMap((regexCase, i) => {
      const answer = answers[i] ?? null;
      let ours: string | string[] | null;
      try {
        ours = run(regexCase);
      } catch (error) {
        // A replacement that cannot be used is refused before anything matches.
        if (/^(?:The replacement|A \$ in)/.test((error as Error).message) && answer === regexCase[2]) return [];
        if (/\)\+\$$/.test(regexCase[1]) && /\n$/.test(regexCase[2]) && /Write \\z in place of \$/.test((error as Error).message))
          return [];
        expect((error as Error).name).toBe('RegexError');
        ours = null;
        if (answer !== null && refused[regexCase[1]]?.test((error as Error).message)) return [];
      }
      return JSON.stringify(ours) === JSON.stringify(answer) || splitsPair(answer) ? [] : [{ regexCase, ours, answer }];
    });
    expect(wrong).toEqual([]);
    expect(regexCases.length).toBeGreaterThan(6000);
  });

  it('keep both halves of a character together where Java matches nothing between them', () => {
    expect(new JavaPattern('x*').compileReplace('-').run('😀')).toBe('-😀-');
    expect(new JavaPattern('(?<!\\S)').compileReplace('-').run('a😀')).toBe('-a😀');
    expect(new JavaPattern('(?<!\\w\\W)[^a]').compileReplace('-').run('B😀c')).toBe('--c');
  });

  it.each([
    ['*.csv', 'There is nothing before * to repeat at character 1 of the expression. Write \\* for the sign itself, or .* for any text.'],
    ['a(b', 'A group has no closing ) at character 2 of the expression. Close it, or write \\( for a bracket.'],
    ['a)', 'A ) closes nothing at character 2 of the expression. Write \\) for a bracket.'],
    ['[a', 'A class of characters has no closing ] at character 1 of the expression. Close it, or write \\[ for a bracket.'],
    ['[z-a]', 'z-a is not a range of characters at character 2 of the expression. Write \\- for a minus sign.'],
    ['a{x}', '{ begins no count such as {2}, {2,} or {2,5} at character 2 of the expression. Write \\{ for a brace.'],
    ['\\y', '\\y has no meaning at character 1 of the expression. Write y without the backslash, or \\\\ for a backslash.'],
    ['(?=(a+)+$)b', /^The expression repeats a part that can match in several ways, together with lookaround/],
  ])('%s: %s', (source, message) => {
    expect(() => new JavaPattern(source).compileMatches()).toThrow(message);
  });

  it.each([
    [
      'a',
      '$1',
      'The replacement asks for group 1, but the expression has no group. Put the part in brackets, or write \\$ for the sign itself.',
    ],
    ['a', '5 $', 'A $ in the replacement stands for no group. Write \\$ for the sign itself.'],
    ['a', '${x}', 'The replacement asks for the group x, but the expression has no (?<x>…).'],
    ['a', 'b\\', 'A backslash at the end of the replacement stands for nothing. Write \\\\ for a backslash.'],
  ])('%s replaced by %s: %s', (source, replacement, message) => {
    expect(() => new JavaPattern(source).compileReplace(replacement)).toThrow(message);
  });
});

/** Java lets an empty match stand between the two halves of a character. */
const splitsPair = (answer: string | string[] | null): boolean => /\p{Surrogate}/u.test([answer ?? ''].flat().join('\n'));

describe('an expression that would backtrack without end', () => {
  const attacks: [expression: string, text: string][] = [
    ['(a+)+$', `${'a'.repeat(100_000)}!`],
    ['(a|aa)+$', `${'a'.repeat(100_000)}!`],
    ['(.*a){20}', 'a'.repeat(20_000)],
    ['(.*a){20}$', `${'a'.repeat(20_000)}!`],
    ['(a*)*b', 'a'.repeat(100_000)],
    ['([a-zA-Z0-9])(([\\-.]|[_]+)?([a-zA-Z0-9]+))*(@){1}[a-z0-9]+', 'a'.repeat(50_000)],
    ['\\s+$', `${' '.repeat(200_000)}x`],
    ['(x+x+)+y', 'x'.repeat(100_000)],
    ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a'.repeat(100_000)],
    ['(?i)(a|b|ab)*c', 'ab'.repeat(50_000)],
    ['a{0,500}a{0,500}a{0,500}$', `${'a'.repeat(2000)}!`],
  ];

  it.each(attacks)('%s ends in good time', { timeout: 60_000 }, (expression, text) => {
    const pattern = new JavaPattern(expression);
    const start = performance.now();
    expect(pattern.compileMatches().run(text)).toBe(/^\(\.\*a\)\{20\}$/.test(expression));
    const replaced = pattern.compileReplace('').run(text);
    expect(replaced.length).toBeLessThanOrEqual(text.length);
    expect(pattern.compileSplit().run(text).length).toBeGreaterThanOrEqual(0);
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('fails the record when every match begins a search of the whole rest', { timeout: 60_000 }, () => {
    expect(() => new JavaPattern('a.*b|a').compileReplace('x').run('a'.repeat(200_000))).toThrow(
      /took more than 5 seconds over a text of 200000 characters/,
    );
  });

  it('fails the record when a text is too long for lookaround', () => {
    const { run, mayFail } = new JavaPattern('(?=.*\\d).*x').compileReplace('-');
    expect(mayFail).toBe(true);
    expect(run('a1x')).toBe('-');
    expect(() => run('a'.repeat(100_000))).toThrow(/too long for a regular expression of this kind, which takes up to \d+/);
  });

  it('cannot fail when it looks at one character at a time', () => {
    for (const source of ['[^0-9+]', '\\s+', 'abc', '[a-z]{2,}', '(?i)foo|bar', '^ ', '\\d\\d']) {
      expect(new JavaPattern(source).compileReplace('x').mayFail, source).toBe(false);
    }
    const million = '1 '.repeat(500_000);
    expect(new JavaPattern('[^0-9+]').compileReplace('').run(million)).toBe('1'.repeat(500_000));
  });
});
