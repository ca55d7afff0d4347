import { describe, expect, it } from 'vitest';
import { errorText, FatalError } from './errors.ts';

const refused = new Error('connect ECONNREFUSED 127.0.0.1:22');

describe('the text of an error', () => {
  it('is the message alone for errors of ours, which tell their cause in words', () => {
    const message = 'SFTP connection failed: cause = connection refused (ECONNREFUSED), port = 22.';
    expect(errorText(new FatalError(message, { code: 'connectionFailed', cause: refused }))).toBe(message);
  });

  it('adds the causes to what a library threw, up to an error of ours', () => {
    const ours = new FatalError('10.0.0.1 is not allowed.', { code: 'notAllowed', cause: new Error('unseen') });
    expect(errorText(new Error('fetch failed.', { cause: ours }))).toBe('fetch failed: 10.0.0.1 is not allowed.');
  });

  it('says nothing twice', () => {
    expect(errorText(new Error(`Request failed: ${refused.message}`, { cause: refused }))).toBe(`Request failed: ${refused.message}`);
    expect(errorText(new Error('connect', { cause: refused }))).toBe(refused.message);
  });

  it('ends with a chain that runs in a circle, and takes anything', () => {
    const first = new Error('first');
    first.cause = new Error('second', { cause: first });
    expect(errorText(first)).toBe('first: second');
    expect([errorText('text'), errorText(undefined), errorText(new TypeError(''))]).toEqual(['text', '', 'TypeError']);
  });
});
