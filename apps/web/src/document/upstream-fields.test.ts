import { expect, test } from 'vitest';
import { fieldsBefore } from './upstream-fields.ts';

const steps = [
  { id: 'dsv', type: 'file.format.dsv' },
  { id: 'read', type: 'datasource.read.gigya.account', params: { select: 'UID, profile.email,profile.age' }, next: ['rename', 'other'] },
  { id: 'other', type: 'field.add', params: { fields: [{ field: 'elsewhere', value: '1' }] } },
  { id: 'rename', type: 'field.rename', params: { fields: [{ sourceField: 'profile.email', targetField: 'MAIL' }] }, next: ['remove'] },
  { id: 'remove', type: 'field.remove', params: { fields: ['profile.age'] }, next: ['dsv'] },
];

test('fields of the reader arrive at the step after it', () => {
  expect(fieldsBefore({ steps }, 'rename')).toEqual(['UID', 'profile.email', 'profile.age']);
});

test('renamed and removed fields are followed, branches that do not lead here are not', () => {
  expect(fieldsBefore({ steps }, 'dsv')).toEqual(['UID', 'MAIL']);
});

test('nothing is known before the first step', () => {
  expect(fieldsBefore({ steps }, 'read')).toEqual([]);
});

test('params of any shape are put up with', () => {
  const odd = [
    { id: 'read', type: 'datasource.read.gigya.account', params: { select: 7 }, next: ['rename'] },
    { id: 'rename', type: 'field.rename', params: { fields: ['x', null, [1]] }, next: ['end'] },
    { id: 'end', type: 'field.add', params: null },
  ];
  expect(fieldsBefore({ steps: odd }, 'end')).toEqual([]);
});
