import { describe, expect, test } from 'vitest';
import { checkFileNamePattern, type RemoteFile, selectFiles } from './select-files.ts';

const file = (name: string, modifiedMs: number): RemoteFile => ({ name, path: `/${name}`, size: 1, modifiedMs });
const pick = (files: RemoteFile[], selection: Partial<Parameters<typeof selectFiles>[1]>) =>
  selectFiles(files, { sortBy: 'time', sortOrder: 'ASC', ...selection }).map(({ name }) => name);

describe('selecting files', () => {
  test('files of the same time go by name', () => {
    expect(pick([file('b', 1000), file('c', 500), file('a', 1000)], {})).toEqual(['c', 'a', 'b']);
    expect(pick([file('b', 1000), file('c', 500), file('a', 1000)], { sortOrder: 'DESC' })).toEqual(['b', 'a', 'c']);
  });

  test('a file of the very second of the last run is taken again rather than missed', () => {
    expect(pick([file('same-second', 5000), file('earlier', 4000)], { changedSince: new Date(5900) })).toEqual(['same-second']);
  });

  test('the expression matches whole names, with alternatives and Java flags', () => {
    const files = [file('a.csv', 1), file('xa.csv', 2), file('A.CSV', 3)];
    expect(pick(files, { fileNameRegex: 'a.csv|nothing' })).toEqual(['a.csv']);
    expect(pick(files, { fileNameRegex: '(?i)a\\.csv' })).toEqual(['a.csv', 'A.CSV']);
    expect(pick(files, { fileNameRegex: 'a\\-?\\.csv' })).toEqual(['a.csv']);
  });

  test('an expression that would backtrack without end is answered at once', () => {
    expect(pick([file(`${'a'.repeat(200)}!`, 1)], { fileNameRegex: '(a+)+' })).toEqual([]);
    expect(pick([file('accounts.csv', 1), file('accounts.tmp.csv', 2)], { fileNameRegex: '(?!.*\\.tmp).*\\.csv' })).toEqual([
      'accounts.csv',
    ]);
  });

  test('an expression that cannot be read is told', () => {
    expect(checkFileNamePattern('accounts_\\d+\\.csv')).toBeUndefined();
    expect(checkFileNamePattern('*.csv')).toContain('not a regular expression');
  });
});
