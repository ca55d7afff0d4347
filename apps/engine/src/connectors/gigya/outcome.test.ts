import { describe, expect, test } from 'vitest';
import { FatalError, RetryableError } from '#dataflow';
import { errorOf, RefusedCall } from './outcome.ts';

const facts = { method: 'accounts.setAccountInfo', apiKey: '4_site', userKey: 'key', namesAccount: true };
const failure = (errorCode: number, changed: Partial<typeof facts> = {}) =>
  errorOf({ errorCode, errorMessage: 'General Server Error' }, { ...facts, ...changed });

describe('what a refused call means', () => {
  test('a passing fault that one account can cause alone is of its record, when the call names an account', () => {
    for (const code of [409030, 500001, 500028, 503001, 504001, 504002]) {
      expect(failure(code)).toBeInstanceOf(RetryableError);
      expect(failure(code)).toMatchObject({ code, ofRecords: true });
      expect(failure(code, { namesAccount: false })).toMatchObject({ code, ofRecords: false });
    }
  });

  test('too many calls is a matter of the site, never of a record', () => {
    for (const code of [403004, 403048]) expect(failure(code)).toMatchObject({ code, ofRecords: false });
  });

  test('"unauthorized user" is about the key only where the call names nobody', () => {
    expect(failure(403005)).toBeInstanceOf(RefusedCall);
    expect(failure(403005, { namesAccount: false })).toBeInstanceOf(FatalError);
  });
});
