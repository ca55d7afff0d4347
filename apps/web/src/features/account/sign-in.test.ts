import { describe, expect, it } from 'vitest';
import { returnPath } from './return-path.ts';
import { signInProblem } from './sign-in-problem.ts';

describe('returnPath', () => {
  it('leads back to the page that was wanted', () => {
    expect(returnPath('/jobs/1?tab=errors')).toBe('/jobs/1?tab=errors');
  });
  it.each([null, '', 'https://elsewhere.example/', '//elsewhere.example', '/\\elsewhere.example', '/sign-in?to=/'])(
    'leads home for %j',
    (to) => {
      expect(returnPath(to)).toBe('/');
    },
  );
});

describe('signInProblem', () => {
  it('does not say which of e-mail and password was wrong', () => {
    expect(signInProblem({ status: 401, code: 'INVALID_EMAIL_OR_PASSWORD' })).toMatch(/e-mail and password/);
  });
  it('tells throttling and a silent server apart from a refusal', () => {
    expect(signInProblem({ status: 429 })).toMatch(/Wait/);
    expect(signInProblem({ status: 0 })).toMatch(/does not answer/);
    expect(signInProblem({ status: 403, message: 'This account is closed.' })).toBe('This account is closed.');
  });
});
