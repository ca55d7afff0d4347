import { expect, it } from 'vitest';
import { searchCommands } from './search-commands.ts';

const command = (title: string, group = 'Flow') => ({ id: title, title, group, run: () => undefined });
const all = [
  command('Auto save'),
  command('Save'),
  command('Run test'),
  command('Export accounts', 'Open dataflow'),
  command('Unsaved work'),
];
const titles = (query: string) => searchCommands(all, query).map(({ title }) => title);

it('offers everything in its own order before anything is typed', () => {
  expect(titles(' ')).toEqual(all.map(({ title }) => title));
});

it('puts what begins with the query first, then words, then what only holds it', () => {
  expect(titles('sav')).toEqual(['Save', 'Auto save', 'Unsaved work']);
});

it('needs every word, in any order, of title or group', () => {
  expect(titles('accounts open')).toEqual(['Export accounts']);
  expect(titles('run nothing')).toEqual([]);
});

it('finds commands that are too many to list, and does not list them', () => {
  const many = [{ id: 'x', title: 'Add: Read files from SFTP', group: 'datasource.read.sftp', searchOnly: true, run: () => {} }];
  expect(searchCommands(many, '')).toEqual([]);
  expect(searchCommands(many, 'read.sftp')).toEqual(many);
});
