import { expect, it } from 'vitest';
import { answerToWritten, toChecked, toWritten, typesOf, withTypes } from './typed-script.ts';

const script = '// first\nfunction process(record, ctx) {\n  return record;\n}\n';

it('types the entry function without moving a line', () => {
  const typed = withTypes(script);
  expect(typed).toContain('/** @type {Process} */ function process(record, ctx)');
  expect(typed.split('\n')).toHaveLength(script.split('\n').length);
});

it('leaves scripts alone that have no entry function or their own types', () => {
  expect(withTypes('var x = 1;')).toBe('var x = 1;');
  const own = `/** @param {string} record */\n${script.slice(9)}`;
  expect(withTypes(own)).toBe(own);
});

it('types a function below a comment that is not about types', () => {
  expect(withTypes(`/** Adds the age. */\n${script.slice(9)}`)).toContain('@type');
});

it('goes to the checker and back to the same place, for every place of the text', () => {
  const added = typesOf(script);
  if (!added) throw new Error('no insertion');
  for (let place = 0; place <= script.length; place++) expect(toWritten(added, toChecked(added, place))).toBe(place);
});

it('moves the spans of an answer, however deep, and nothing else', () => {
  const added = typesOf(script);
  if (!added) throw new Error('no insertion');
  const start = withTypes(script).indexOf('return');
  const answer = { entries: [{ name: 'a', textSpan: { start, length: 6 } }], code: start };
  expect(answerToWritten(answer, added)).toEqual({
    entries: [{ name: 'a', textSpan: { start: script.indexOf('return'), length: 6 } }],
    code: start,
  });
});
