import { describe, expect, test } from 'vitest';
import { httpUrl, retryAfterMs } from './http.ts';

describe('Retry-After', () => {
  test('is read as seconds or as a date, and never more than ten minutes', () => {
    const now = Date.UTC(2024, 0, 1);
    expect(retryAfterMs('3', now)).toBe(3000);
    expect(retryAfterMs(new Date(now + 5000).toUTCString(), now)).toBe(5000);
    expect(retryAfterMs(new Date(now - 5000).toUTCString(), now)).toBe(0);
    expect(retryAfterMs('86400', now)).toBe(600_000);
    expect(retryAfterMs('soon', now)).toBeUndefined();
    expect(retryAfterMs(undefined, now)).toBeUndefined();
  });
});

describe('a web address', () => {
  test('is http or https without credentials; what is refused is not repeated beyond its path', () => {
    expect(httpUrl('https://example.com/a?b=c', 'The address').href).toBe('https://example.com/a?b=c');
    expect(() => httpUrl('file:///etc/passwd', 'The address')).toThrow('The address is not a web address: "file:///etc/passwd".');
    expect(() => httpUrl('nonsense?token=hidden', 'The address')).toThrow(/"nonsense"/);
    expect(() => httpUrl('https://ann:word@example.com', 'The address')).toThrow(/^(?!.*word@).*authentication/);
  });
});
