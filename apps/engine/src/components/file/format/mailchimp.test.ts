import { expect, test } from 'vitest';
import type { DataRecord } from '#dataflow';
import { runComponent } from '#testing';
import component from './mailchimp.ts';

const text = async (records: DataRecord[], params = {}) =>
  (await runComponent(component, { params: { fileName: 'a.csv', ...params }, records })).files[0]?.text;

test('flat fields get the labels Mailchimp knows, others keep their names', async () => {
  expect(await text([{ email: 'a@example.com', FNAME: 'Ann', COMPANY: 'X', data: { level: 2 } }])).toBe(
    'Email Address,First Name,COMPANY,data.level\na@example.com,Ann,X,2\n',
  );
});

test('columns are chosen by their labels', async () => {
  const record = { email_address: 'a@example.com', merge_fields: { FNAME: 'Ann', LNAME: 'Lee' }, tags: [] };
  expect(await text([record], { columns: ['Last Name', 'Email Address', 'Tags'] })).toBe(
    'Last Name,Email Address,Tags\nLee,a@example.com,\n',
  );
});

test('an object that is no address is taken apart', async () => {
  expect(await text([{ merge_fields: { ADDRESS: { street: '1 High St', city: 'Bath' } } }])).toBe(
    'ADDRESS.street,ADDRESS.city\n1 High St,Bath\n',
  );
});
