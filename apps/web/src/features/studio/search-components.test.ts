import { expect, test } from 'vitest';
import { catalogue } from '../../document/catalogue.ts';
import { groupComponents } from './group-components.ts';
import { searchComponents } from './search-components.ts';

const first = (query: string) => searchComponents(catalogue, query)[0]?.type;

test.each([
  ['sftp', /\.sftp$/],
  ['write sftp', /^datasource\.write\.sftp$/],
  ['compress.g', /^file\.compress\.gzip$/],
  ['rename', /^field\.rename$/],
  ['csv', /\.dsv$/],
  ['script', /^record\.evaluate$/],
  ['frmt jsn', /^file\.format\.json$/],
  ['exacttarget', /^datasource\.write\.exacttarget$/],
  ['marketing cloud', /^datasource\.write\.exacttarget$/],
  ['read google', /^datasource\.read\.googlecloud$/],
  ['write sales', /^datasource\.write\.salesforce$/],
  ['pgp', /\.pgp$/],
])('%s finds the component it means', (query, type) => {
  expect(first(query)).toMatch(type);
});

test('a query that fits nothing finds nothing', () => {
  expect(searchComponents(catalogue, 'qqqqzzzz')).toEqual([]);
});

test('without a query everything is there, grouped along the way of data', () => {
  const groups = groupComponents(searchComponents(catalogue, '  '));
  expect(groups.flatMap(({ parts }) => parts.flatMap(({ entries }) => entries))).toHaveLength(catalogue.length);
  expect(groups.map(({ count }) => count).reduce((sum, count) => sum + count)).toBe(catalogue.length);
  expect(groups[0]?.title).toBe('Readers');
  expect(groups.at(-1)?.title).toBe('Writers');
});

test('readers and writers stand by the kind of system, file transformers by their use', () => {
  const parts = Object.fromEntries(groupComponents(catalogue).map((group) => [group.title, group.parts.map(({ title }) => title)]));
  const systems = ['Files & storages', 'Gigya', 'ESP, CRM & DMP', 'Any API'];
  expect(parts).toMatchObject({
    Readers: systems,
    Writers: systems,
    Lookups: [''],
    'Field transformers': [''],
    'File transformers': ['Parse: files to records', 'Format: records to files', 'Compress & encrypt', 'Uncompress & decrypt'],
  });
  const writers = groupComponents(catalogue).find(({ title }) => title === 'Writers');
  const typesOf = (part: string) => writers?.parts.find(({ title }) => title === part)?.entries.map(({ type }) => type);
  expect(typesOf('Files & storages')).toContain('datasource.write.sftp');
  expect(typesOf('Gigya')).toContain('datasource.write.gigya.account');
  expect(typesOf('ESP, CRM & DMP')).toContain('datasource.write.mailchimp');
  expect(typesOf('Any API')).toEqual(['datasource.write.external.generic']);
});
