import { expect, test } from 'vitest';
import { fieldsOf } from './form-model.ts';
import { readCells, readRows } from './pasted-table.ts';

const columns = fieldsOf({
  type: 'object',
  properties: {
    sourceField: { type: 'string', title: 'Source field' },
    targetField: { type: 'string', title: 'Target field' },
    size: { type: 'integer' },
  },
});

test('lines and tabs become rows and cells, blank lines are left out', () => {
  expect(readCells('a\tb\r\n\r\nc\td\n')).toEqual([
    ['a', 'b'],
    ['c', 'd'],
  ]);
});

test('quoted cells may hold line breaks, tabs and doubled quotes', () => {
  expect(readCells('"one\ntwo"\t"say ""hi"""\nplain\t"a\tb"')).toEqual([
    ['one\ntwo', 'say "hi"'],
    ['plain', 'a\tb'],
  ]);
});

test('cells go into the columns in their order, numbers as numbers', () => {
  expect(readRows('profile.email\tMAIL\t12\nprofile.age\tAGE', columns)).toEqual([
    { sourceField: 'profile.email', targetField: 'MAIL', size: 12 },
    { sourceField: 'profile.age', targetField: 'AGE' },
  ]);
});

test('a first line of column names says the order', () => {
  expect(readRows('Target field\tsourceField\nMAIL\tprofile.email', columns)).toEqual([
    { targetField: 'MAIL', sourceField: 'profile.email' },
  ]);
});

test('cells beyond the last column are left out', () => {
  expect(readRows('a\tb\t1\textra', columns)).toEqual([{ sourceField: 'a', targetField: 'b', size: 1 }]);
});
