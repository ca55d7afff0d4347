import { applyEdit, type DataflowState } from '@idsync/engine/dataflow';
import { expect, test } from 'vitest';
import { lookup } from './catalogue.ts';
import { addedIds, copySteps, pasteEdit, readCopied } from './clipboard.ts';

const state: DataflowState = {
  document: {
    steps: [
      { id: 'dsv', type: 'file.format.dsv', params: { fileName: 'a.csv' }, next: ['gzip'] },
      { id: 'gzip', type: 'file.compress.gzip', next: ['sftp'] },
      { id: 'sftp', type: 'datasource.write.sftp', params: { host: 'example.com', username: 'demo', password: 'hunter2' }, error: ['dsv'] },
    ],
  },
  layout: { dsv: { x: 0, y: 0 }, gzip: { x: 304, y: 0 }, sftp: { x: 608, y: 0 } },
};

const pasted = (ids: string[], at?: { x: number; y: number }) => {
  const copied = readCopied(copySteps(state, ids, lookup));
  if (!copied) throw new Error('The copy could not be read.');
  return applyEdit(state, pasteEdit(copied, at)).state;
};

test('secrets are not copied', () => {
  const text = copySteps(state, ['sftp'], lookup);
  expect(text).not.toContain('hunter2');
  expect(JSON.parse(text).steps[0].params).toMatchObject({ host: 'example.com', username: 'demo' });
});

test('pasted steps get ids of their own and keep the arrows among them', () => {
  const after = pasted(['dsv', 'gzip']);
  const [dsv, gzip] = addedIds(state, after);
  expect(dsv).not.toBe('dsv');
  expect(after.document.steps.find((step) => step.id === dsv)?.next).toEqual([gzip]);
});

test('arrows to steps that were not copied are left behind', () => {
  const after = pasted(['gzip']);
  const copy = after.document.steps.find((step) => step.id === addedIds(state, after)[0]);
  expect(copy?.next ?? []).toEqual([]);
});

test('the shape of what was copied is kept where it is pasted', () => {
  const after = pasted(['dsv', 'gzip'], { x: 160, y: 320 });
  const [dsv = '', gzip = ''] = addedIds(state, after);
  expect(after.layout[dsv]).toEqual({ x: 160, y: 320 });
  expect(after.layout[gzip]).toEqual({ x: 464, y: 320 });
});

test('the steps of a whole flow can be pasted', () => {
  expect(readCopied('{"name": "Other", "steps": [{"id": "a", "type": "field.rename"}]}')?.steps).toHaveLength(1);
});

test.each(['', 'hello', '[]', '{"steps": []}', '{"steps": [{"id": 1}]}', 'null'])('text that holds no steps is not taken: %s', (text) => {
  expect(readCopied(text)).toBeUndefined();
});
