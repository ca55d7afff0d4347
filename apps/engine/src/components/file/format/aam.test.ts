import { expect, test } from 'vitest';
import type { DataRecord } from '#dataflow';
import { runComponent } from '#testing';
import component from './aam.ts';

const format = (records: DataRecord[], params = {}) => runComponent(component, { params: { dpid: '21', ...params }, records });

test('tabs, line ends and quotes cannot break a line', async () => {
  const { files } = await format([{ UID: 'u', 'a\t"k"': 'say "hi"\n\tthere', n: 1.5, no: false }]);
  expect(files[0]?.text).toBe(`u\t"a 'k'"="say 'hi' there","n"="1.5","no"="false"\n`);
});

test('records without keys have no line; without ids they fail', async () => {
  const { files, errors } = await format([{ UID: 'u' }, { a: 1 }, { UID: 'a%3Ab', a: 1 }, { UID: 'v', a: 1 }]);
  expect(files[0]?.text).toBe('v\t"a"="1"\n');
  expect(errors.map(({ _errorDetails }) => (_errorDetails as { errorCode: number }).errorCode)).toEqual([400009, 400009]);
});

test('parts are numbered as Audience Manager wants it', async () => {
  const records = Array.from({ length: 6 }, (_, i) => ({ UID: `u${i}`, text: 'x'.repeat(400_000) }));
  const { files } = await format(records, { maxFileSize: 1 });
  expect(files.map(({ name }) => name)).toEqual([
    'ftp_dpm_21_1709210096.sync',
    'ftp_dpm_21_1709210096.sync.1',
    'ftp_dpm_21_1709210096.sync.2',
  ]);
});

test('a data provider id that is missing or no number is refused', async () => {
  await expect(format([], { dpid: '' })).rejects.toThrow('Data provider id is not set.');
  await expect(format([], { dpid: 'abc' })).rejects.toThrow('params.dpid');
  expect((await format([{ UID: 'u', a: 1 }], { dpid: 21 })).files).toHaveLength(1);
});
