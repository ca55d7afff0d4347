import { describe, expect, test } from 'vitest';
import { CancelledError, FatalError, RetryableError } from '#dataflow';
import { fakeContext } from '#testing';
import { checkLiteralAddress, faultText, guardedLookup, isPassing, networkError } from './network.ts';

const coded = (code: string, message = code) => Object.assign(new Error(message), { code });
const refusing = (...allowed: string[]) => ({
  localPath: (file: string) => file,
  address: (host: string, address: string) => {
    if (!allowed.includes(address)) throw new FatalError(`${host} is ${address}, which is not allowed.`, { code: 'notAllowed' });
  },
});

const resolved = (access = fakeContext().access, host = 'localhost') =>
  new Promise((resolve, reject) => guardedLookup(access)(host, { all: true }, (error, found) => (error ? reject(error) : resolve(found))));

describe('the resolver of connectors', () => {
  test('leaves out addresses the operator does not allow', async () => {
    expect(await resolved(refusing('127.0.0.1'))).toEqual([{ address: '127.0.0.1', family: 4 }]);
    await expect(resolved(refusing('192.0.2.1'))).rejects.toThrow(/localhost is .* not allowed/);
  });

  test('gives one address to callers that want one', async () => {
    const one = new Promise((resolve) =>
      guardedLookup(refusing('127.0.0.1'))('localhost', { family: 4 }, (error, address, family) => resolve([error, address, family])),
    );
    expect(await one).toEqual([null, '127.0.0.1', 4]);
  });

  test('hands on that a name does not exist', async () => {
    await expect(resolved(undefined, 'no-such-host.invalid')).rejects.toMatchObject({
      code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/),
    });
  });

  test('hosts written as addresses are checked too, names are left to the resolver', () => {
    expect(() => checkLiteralAddress(refusing(), '127.0.0.1')).toThrow(/not allowed/);
    expect(() => checkLiteralAddress(refusing(), '[::1]')).toThrow(/::1/);
    expect(() => checkLiteralAddress(refusing(), 'example.com')).not.toThrow();
  });
});

describe('a fault of the network', () => {
  test('is told in words, with the name the system gives it', () => {
    expect(faultText(coded('ECONNREFUSED'))).toBe('connection refused (ECONNREFUSED)');
    expect(faultText(new TypeError('fetch failed', { cause: coded('ECONNRESET') }))).toBe('the other side cut the connection (ECONNRESET)');
    expect(faultText(new AggregateError([coded('ECONNREFUSED'), coded('EHOSTUNREACH')]))).toBe('connection refused (ECONNREFUSED)');
    expect(faultText(new Error('something else'))).toBe('something else');
  });

  test('passes or lasts', () => {
    expect(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN', 'UND_ERR_SOCKET'].map((code) => isPassing(coded(code)))).toEqual(
      Array(5).fill(true),
    );
    expect(['ENOTFOUND', 'CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID'].map((code) => isPassing(coded(code)))).toEqual(
      Array(3).fill(false),
    );
  });

  test('says what to do about it where that is known', () => {
    const about = { what: 'The host did not answer', details: {}, signal: new AbortController().signal };
    const { message } = networkError(coded('CERT_HAS_EXPIRED'), about);
    expect(message).toBe('The host did not answer: its certificate has expired (CERT_HAS_EXPIRED). Have its operator renew it.');
    expect(networkError(coded('ECONNRESET'), about).message).toMatch(/\(ECONNRESET\)\.$/);
  });

  test('becomes the error that says what happens next', () => {
    const { signal } = new AbortController();
    const about = { what: 'The host did not answer', details: { host: 'h' }, signal };
    expect(networkError(coded('ECONNRESET'), about)).toBeInstanceOf(RetryableError);
    expect(networkError(coded('CERT_HAS_EXPIRED'), about)).toBeInstanceOf(FatalError);
    expect(networkError(coded('ECONNRESET'), { ...about, signal: AbortSignal.abort() })).toBeInstanceOf(CancelledError);
    const refused = new FatalError('not allowed', { code: 'notAllowed' });
    expect(networkError(new TypeError('wrapped', { cause: refused }), about)).toBe(refused);
  });
});
