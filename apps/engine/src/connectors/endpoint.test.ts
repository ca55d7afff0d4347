import { describe, expect, test } from 'vitest';
import { addressFault, endpointFault, hostFault } from './endpoint.ts';

describe('addresses that people give', () => {
  test.each(['https://api.example.com', 'HTTP://127.0.0.1:8080/a?b=c', 'https://[2001:db8::1]/'])('%s can be used', (text) => {
    expect(addressFault(text)).toBeUndefined();
  });

  test.each(['api.example.com', 'ftp://x', 'https://', 'http:/x', 'https:x', 'https://[::1', 'javascript:alert(1)', 'https://a b/', ' '])(
    '%s is told to be none',
    (text) => {
      expect(addressFault(text)).toMatch(/not a web address.*https:\/\//);
    },
  );

  test('credentials in an address are refused and not repeated', () => {
    expect(addressFault('https://ann:sesame@x.example')).toBe('Give no user name or password in the address.');
  });

  test('the base of a server has neither parameters nor a fragment', () => {
    expect(endpointFault('https://x.example/a')).toBeUndefined();
    expect(endpointFault('https://x.example/?a')).toMatch(/without anything from \?/);
    expect(endpointFault('x.example')).toMatch(/not a web address/);
  });
});

describe('hosts that people give', () => {
  test.each(['files.example.com', '192.0.2.7', '2001:db8::1', '[2001:db8::1]', 'localhost'])('%s can be used', (text) => {
    expect(hostFault(text)).toBeUndefined();
  });

  test.each([
    ['sftp://files.example.com/in', /without what stands before/],
    ['ann@files.example.com', /user name has a parameter/],
    ['files.example.com:2222', /port has a parameter/],
    ['files.example.com/in', /no name of a host/],
    ['files example com', /no name of a host/],
  ])('%s is told to be none', (text, message) => {
    expect(hostFault(text)).toMatch(message);
  });
});
