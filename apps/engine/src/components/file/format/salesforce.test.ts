import { expect, test } from 'vitest';
import type { DataRecord } from '#dataflow';
import { runComponent } from '#testing';
import component from './salesforce.ts';

const text = async (records: DataRecord[], params = {}) =>
  (await runComponent(component, { params: { fileName: 'a.csv', ...params }, records })).files[0]?.text;

test('null leaves a field alone unless it is to be cleared', async () => {
  expect(await text([{ A: null, B: 'x' }])).toBe('A,B\n,x\n');
  expect(await text([{ A: null, B: 'x' }], { clearEmptyFields: 'true' })).toBe('A,B\n#N/A,x\n');
});

test('only the listed columns, in their order', async () => {
  expect(await text([{ A: 1, B: { C: 2 }, D: 3 }], { columns: ['B.C', 'A'] })).toBe('B.C,A\n2,1\n');
});

test('lists of objects stay JSON; a field called __proto__ stays a field', async () => {
  expect(await text([JSON.parse('{"L":[{"a":1}],"__proto__":"p"}') as DataRecord])).toBe('L,__proto__\n"[{""a"":1}]",p\n');
});

test('files above the limit of Salesforce are refused as a parameter', async () => {
  await expect(text([], { maxFileSize: 101 })).rejects.toThrow('Largest file is too large.');
});
