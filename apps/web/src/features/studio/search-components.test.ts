import { expect, test } from 'vitest';
import { catalogue } from '../../document/catalogue.ts';
import { groupComponents, searchComponents } from './search-components.ts';

const first = (query: string) => searchComponents(catalogue, query)[0]?.type;

test.each([
  ['sftp', /\.sftp$/],
  ['write sftp', /^datasource\.write\.sftp$/],
  ['compress.g', /^file\.compress\.gzip$/],
  ['rename', /^field\.rename$/],
  ['csv', /\.dsv$/],
  ['script', /^record\.evaluate$/],
  ['frmt jsn', /^file\.format\.json$/],
])('%s finds the component it means', (query, type) => {
  expect(first(query)).toMatch(type);
});

test('a query that fits nothing finds nothing', () => {
  expect(searchComponents(catalogue, 'qqqqzzzz')).toEqual([]);
});

test('without a query everything is there, grouped along the way of data', () => {
  const groups = groupComponents(searchComponents(catalogue, '  '));
  expect(groups.flatMap((group) => group.entries)).toHaveLength(catalogue.length);
  expect(groups[0]?.title).toBe('Readers');
  expect(groups.at(-1)?.title).toBe('Writers');
});
