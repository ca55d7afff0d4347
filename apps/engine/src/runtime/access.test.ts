import { mkdtempSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAccess, restrictedAccess } from './access.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'idsync-access-'));

describe('restricted access', () => {
  const access = restrictedAccess({ folders: [folder], addresses: ['127.0.0.1', '10.1.0.0/16'] });

  it('allows paths inside the named folders, taken relative to the first', () => {
    expect(access.localPath('in/accounts.csv')).toBe(path.join(folder, 'in/accounts.csv'));
    expect(access.localPath(folder)).toBe(folder);
  });

  it.each(['/etc/passwd', '../x', 'in/../../x', `${folder}-other/x`])('refuses %s', (wanted) => {
    expect(() => access.localPath(wanted)).toThrow(/IDSYNC_ALLOWED_FOLDERS/);
  });

  it('refuses a symbolic link that leads out', () => {
    symlinkSync('/etc', path.join(folder, 'link'));
    expect(() => access.localPath('link/passwd')).toThrow(/outside/);
  });

  it('refuses every path when no folder is named', () => {
    expect(() => restrictedAccess({ folders: [], addresses: [] }).localPath('/tmp')).toThrow(/outside/);
  });

  it.each([
    '127.0.0.2',
    '10.2.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '172.20.0.1',
    '::1',
    'fe80::1',
    'fd00::1',
    '::ffff:192.168.0.1',
    '0.0.0.0',
    'fe80::1%lo',
    '::1%lo',
    'fec0::1',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b:1::7f00:1',
    '2002:7f00:1::',
    '2001:0:7f00:1::',
  ])('refuses the private address %s', (address) => {
    expect(() => access.address('target.example.com', address)).toThrow(/IDSYNC_ALLOWED_ADDRESSES/);
  });

  it.each(['127.0.0.1', '10.1.2.3', '203.0.113.9', '2606:4700::1'])('allows %s', (address) => {
    expect(() => access.address('target.example.com', address)).not.toThrow();
  });
});

describe('open access', () => {
  it('takes paths from the current folder', () => {
    expect(openAccess('/data').localPath('in')).toBe('/data/in');
    expect(openAccess('/data').localPath('/etc')).toBe('/etc');
  });
});
