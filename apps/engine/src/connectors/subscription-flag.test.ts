import { describe, expect, test } from 'vitest';
import { RecordError } from '#dataflow';
import { readFlag, wishReader } from './subscription-flag.ts';

describe('the subscription flag of a record', () => {
  test.each([true, 'true', ' TRUE ', 1, '1', 'yes', 'Subscribed', 'on', 'active'])('%j means yes', (value) =>
    expect(readFlag(value, 'f')).toBe(true),
  );
  test.each([false, 'false', 0, '0', 'No', 'unsubscribed', 'off'])('%j means no', (value) => expect(readFlag(value, 'f')).toBe(false));
  test.each([null, undefined, ''])('%j says nothing', (value) => expect(readFlag(value, 'f')).toBeUndefined());
  test.each([['maybe'], [2], [{}], [['true']]])('%j is refused', (value) =>
    expect(() => readFlag(value, 'data.news')).toThrow(/The field data.news holds neither/),
  );

  test('a record without one is skipped, unsubscribed or refused, as the step says', () => {
    expect(wishReader('data.news', 'skip')({})).toBe('skip');
    expect(wishReader('data.news', 'unsubscribe')({ data: { news: null } })).toBe('unsubscribe');
    expect(() => wishReader('data.news', 'reject')({ data: {} })).toThrow(RecordError);
    expect(wishReader('data.news', 'reject')({ data: { news: 'true' } })).toBe('subscribe');
    expect(wishReader('data.news', 'reject')({ 'data.news': false })).toBe('unsubscribe');
  });
});
