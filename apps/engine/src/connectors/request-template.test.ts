import { describe, expect, it } from 'vitest';
import { hostile } from '#testing';
import { bodyTemplate, checkBodyTemplate, needsSingleRecord, urlTemplate } from './request-template.ts';

describe('addresses with values of the record', () => {
  it('encode every value, so that none can leave its place', () => {
    const fill = urlTemplate(`https://api.example.com/contacts/\${record.profile.email}?list=\${record.list}`);
    expect(fill?.([{ profile: { email: 'a/../b?c@x' }, list: 7 }])).toBe('https://api.example.com/contacts/a%2F..%2Fb%3Fc%40x?list=7');
    expect(fill?.([{}])).toBe('https://api.example.com/contacts/?list=');
  });

  it('are left alone without placeholders of records', () => {
    expect(urlTemplate(`https://api.example.com/\${jobId}`)).toBeUndefined();
  });
});

describe('bodies from a template', () => {
  it('put records, one record or values in as JSON, and as text inside quotes', () => {
    const records = [{ id: 1, name: 'A "b"' }, { id: 2 }];
    expect(bodyTemplate(`{"contacts": \${records}, "n": \${records.id}}`)(records)).toBe(
      '{"contacts": [{"id":1,"name":"A \\"b\\""},{"id":2}], "n": [1,2]}',
    );
    expect(bodyTemplate(`{"a": \${record.id}, "b": "id \${record.id} \${record.name}", "c": \${record.none}}`)(records)).toBe(
      '{"a": 1, "b": "id 1 A \\"b\\"", "c": null}',
    );
    expect(JSON.parse(bodyTemplate(`\${record}`)(records))).toEqual(records[0]);
  });

  it('stay JSON whatever the values are', () => {
    const fill = bodyTemplate(`{"text": "<\${record.text}>", "value": \${record.text}, "all": \${record}}`);
    for (const record of hostile.hostileRecords()) {
      const parsed = JSON.parse(fill([record]));
      expect(parsed.value).toEqual(JSON.parse(JSON.stringify(record.text ?? null)));
    }
  });

  it('are checked before the job starts', () => {
    expect(checkBodyTemplate(`{"contacts": \${records}}`)).toBeUndefined();
    expect(checkBodyTemplate(`{"contacts": \${records}`)).toMatch(/^With the placeholders filled in this is not JSON: /);
    expect([needsSingleRecord(`\${record.id}`), needsSingleRecord(`\${record}`), needsSingleRecord(`\${records}`)]).toEqual([
      true,
      true,
      false,
    ]);
  });
});
