import { expect, test } from 'vitest';
import type { Json } from '#dataflow';
import { addressAbove, readSignedAddress } from './sas-place.ts';

const address = 'https://acc.blob.core.windows.net/files?sv=2020-12-06&se=2030-01-01T00:00:00Z&sr=c&sp=rl&sig=abc%3D';
const [place = '', query = ''] = address.split('?');

test.each<[string, { text: string; json: Json | undefined }]>([
  ['plain text', { text: `${address}\n`, json: undefined }],
  ['a JSON text', { text: '', json: address }],
  ['a field', { text: '', json: { sasUri: address } }],
  ['a field deep inside', { text: '', json: { status: 'ok', d: [{ note: 'x', link: address }] } }],
  ['two fields', { text: '', json: { uri: place, sas: `?${query}` } }],
  ['two fields, without a question mark', { text: '', json: { token: query.replace(/^(.*)&(sig=.*)$/, '$2&$1'), container: place } }],
])('an address with its signature is found in %s', (_, answer) => {
  const found = readSignedAddress(answer);
  expect(found?.url.href.split('?')[0]).toBe(place);
  expect(found).toMatchObject({ endsMs: Date.UTC(2030, 0, 1), rights: 'rl', blob: undefined });
});

test.each<[string, { text: string; json: Json | undefined }]>([
  ['nothing', { text: '', json: undefined }],
  ['an address without a signature', { text: place, json: undefined }],
  ['a signature without an address', { text: '', json: { sas: query } }],
  ['a page', { text: '<html>Sign in</html>', json: undefined }],
  ['null', { text: 'null', json: null }],
])('%s is no address with a signature', (_, answer) => {
  expect(readSignedAddress(answer)).toBeUndefined();
});

test('a signature for one blob names it', () => {
  const found = readSignedAddress({ text: address.replace('/files?', '/files/a%20b.csv?').replace('sr=c', 'sr=b'), json: undefined });
  expect(found?.blob).toBe('a b.csv');
  expect(found && addressAbove(found)).toBe(address.replace('sr=c', 'sr=b'));
});
