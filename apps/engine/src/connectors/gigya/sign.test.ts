import { describe, expect, test } from 'vitest';
import { baseString, signatureOf, signingKey } from './sign.ts';

describe('the request signature', () => {
  test('agrees with the vector of the official Java SDK', () => {
    const sig = signatureOf(
      {
        method: 'POST',
        url: new URL('http://photos.example.net/photos'),
        params: {
          file: 'vacation.jpg',
          oauth_consumer_key: 'test-consumer-secret',
          oauth_nonce: 'kllo9940pd9333jh',
          oauth_signature_method: 'HMAC-SHA1',
          oauth_timestamp: '1191242096',
          oauth_token: 'test-token-secret',
          oauth_version: '1.0',
          size: 'original',
        },
      },
      signingKey(Buffer.from('test-consumer-secret&test-token-secret').toString('base64')),
    );
    expect(sig).toBe('j4/Jwtp11HLWl7KG3QlsczfRRpU=');
  });

  const search = {
    method: 'post',
    url: new URL('HTTPS://Accounts.US1.gigya.com:443/accounts.search'),
    params: {
      apiKey: '3_testApiKey',
      userKey: 'AtestUserKey',
      format: 'json',
      httpStatusCodes: 'false',
      timestamp: '1700000000',
      nonce: '1700000000000_1',
      query: 'SELECT UID FROM accounts WHERE profile.email = "jane+x@example.com"',
    },
  };

  test('agrees with a vector of accounts.search, host in any case and default port left out', () => {
    expect(signatureOf(search, signingKey('bm90LWEtcmVhbC1zZWNyZXQtMDEyMzQ1Njc4OWFiY2Q='))).toBe('baa4tVxdfLhwIy765eVHYprwyJU=');
  });

  test('is made of a base string that is encoded twice', () => {
    expect(baseString(search)).toMatch(
      /^POST&https%3A%2F%2Faccounts\.us1\.gigya\.com%2Faccounts\.search&apiKey%3D3_testApiKey%26format%3Djson/,
    );
    expect(baseString({ ...search, params: { text: "a b*~'()!" } })).toMatch(/&text%3Da%2520b%252A~%2527%2528%2529%2521$/);
  });
});
