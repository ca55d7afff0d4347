import type { DataflowDocument } from '@idsync/engine/dataflow';
import { expect, test } from 'vitest';
import { refusedTargets, whyNotConnect } from './connect-rules.ts';

const document: DataflowDocument = {
  steps: [
    { id: 'read', type: 'datasource.read.gigya.account', next: ['rename'] },
    { id: 'rename', type: 'field.rename', next: ['dsv'] },
    { id: 'dsv', type: 'file.format.dsv' },
    { id: 'write', type: 'datasource.write.sftp' },
    { id: 'script', type: 'record.evaluate' },
    { id: 'later', type: 'datasource.write.something' },
  ],
};

test.each([
  ['rename', 'script', 'next', undefined],
  ['rename', 'later', 'next', undefined],
  ['later', 'write', 'next', undefined],
  ['dsv', 'write', 'next', undefined],
  ['rename', 'rename', 'next', /itself/],
  ['rename', 'dsv', 'next', /already joined/],
  ['rename', 'read', 'next', /takes no input/],
  ['rename', 'write', 'next', /takes files, and records would arrive/],
  ['dsv', 'script', 'next', /takes records, and files would arrive/],
  ['write', 'script', 'next', /end point/],
  ['script', 'script', 'error', /itself/],
  ['rename', 'write', 'error', /takes files, and records/],
  ['rename', 'gone', 'next', /gone/],
] as const)('an arrow from %s to %s by %s', (from, to, path, reason) => {
  const why = whyNotConnect(document, from, to, path);
  if (reason) expect(why).toMatch(reason);
  else expect(why).toBeUndefined();
});

test('an arrow that would close a loop is refused', () => {
  const line: DataflowDocument = {
    steps: [
      { id: 'a', type: 'field.rename', next: ['b'] },
      { id: 'b', type: 'field.remove', error: ['c'] },
      { id: 'c', type: 'field.add' },
    ],
  };
  expect(whyNotConnect(line, 'c', 'a', 'next')).toMatch(/loop/);
});

test('every step that cannot be reached has its reason, the step itself is left out', () => {
  expect(Object.keys(refusedTargets(document, 'rename', 'next'))).toEqual(['read', 'dsv', 'write']);
});
