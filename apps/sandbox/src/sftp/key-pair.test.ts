import ssh2 from 'ssh2';
import { expect, it } from 'vitest';
import { makeKeyPair } from './key-pair.ts';

it('makes key pairs that can be read back, every time', () => {
  const unreadable = Array.from({ length: 1000 }, makeKeyPair).filter((pair) => ssh2.utils.parseKey(pair.private) instanceof Error);
  expect(unreadable).toEqual([]);
});
