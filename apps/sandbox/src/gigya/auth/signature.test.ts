import { expect, it } from 'vitest';
import { baseString, encode, isSignedBy, sign } from './signature.ts';

const own = {
  secret: 'bm90LWEtcmVhbC1zZWNyZXQtMDEyMzQ1Njc4OWFiY2Q=',
  parts: {
    httpMethod: 'POST',
    url: 'https://accounts.us1.gigya.com/accounts.search',
    params: Object.entries({
      apiKey: '3_testApiKey',
      userKey: 'AtestUserKey',
      format: 'json',
      httpStatusCodes: 'false',
      timestamp: '1700000000',
      nonce: '1700000000000_1',
      query: 'SELECT UID FROM accounts WHERE profile.email = "jane+x@example.com"',
    }),
  },
};

it('signs the example of the official Java SDK', () => {
  const secret = Buffer.from('test-consumer-secret&test-token-secret').toString('base64');
  const params = Object.entries({
    file: 'vacation.jpg',
    oauth_consumer_key: 'test-consumer-secret',
    oauth_nonce: 'kllo9940pd9333jh',
    oauth_signature_method: 'HMAC-SHA1',
    oauth_timestamp: '1191242096',
    oauth_token: 'test-token-secret',
    oauth_version: '1.0',
    size: 'original',
  });
  expect(sign(secret, { httpMethod: 'POST', url: 'http://photos.example.net/photos', params })).toBe('j4/Jwtp11HLWl7KG3QlsczfRRpU=');
});

it('signs a search with signs that need encoding', () => {
  expect(baseString(own.parts)).toBe(
    'POST&https%3A%2F%2Faccounts.us1.gigya.com%2Faccounts.search&apiKey%3D3_testApiKey%26format%3Djson%26httpStatusCodes%3Dfalse%26nonce%3D1700000000000_1%26query%3DSELECT%2520UID%2520FROM%2520accounts%2520WHERE%2520profile.email%2520%253D%2520%2522jane%252Bx%2540example.com%2522%26timestamp%3D1700000000%26userKey%3DAtestUserKey',
  );
  expect(sign(own.secret, own.parts)).toBe('baa4tVxdfLhwIy765eVHYprwyJU=');
});

it('leaves sig out of what is signed and sorts by name, whatever the order sent', () => {
  const shuffled = { ...own.parts, params: [...own.parts.params, ['sig', 'x'] as [string, string]].reverse() };
  expect(isSignedBy(own.secret, 'baa4tVxdfLhwIy765eVHYprwyJU=', shuffled)).toBe(true);
});

it('takes host in lower case and the port only when it is not the default', () => {
  const at = (url: string) => baseString({ httpMethod: 'post', url, params: [] });
  expect(at('HTTPS://Accounts.US1.gigya.com:443/accounts.Search')).toBe('POST&https%3A%2F%2Faccounts.us1.gigya.com%2Faccounts.Search&');
  expect(at('http://127.0.0.1:4010/accounts.search')).toBe('POST&http%3A%2F%2F127.0.0.1%3A4010%2Faccounts.search&');
});

it('encodes as RFC 3986 says', () => {
  expect(encode("a b*~!'()ü/")).toBe('a%20b%2A~%21%27%28%29%C3%BC%2F');
});

it('knows a signature that does not fit', () => {
  expect(isSignedBy(own.secret, 'AAAA', own.parts)).toBe(false);
  expect(isSignedBy(own.secret, 'baa4tVxdfLhwIy765eVHYprwyJU=', { ...own.parts, httpMethod: 'GET' })).toBe(false);
});
