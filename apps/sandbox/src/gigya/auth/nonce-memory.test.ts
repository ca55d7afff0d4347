import { expect, it } from 'vitest';
import { NonceMemory } from './nonce-memory.ts';

it('knows a nonce again for at least its window and forgets it after two', () => {
  const memory = new NonceMemory(1000);
  expect(memory.use('a', 0)).toBe(true);
  expect(memory.use('b', 900)).toBe(true);
  expect(memory.use('a', 999)).toBe(false);
  expect(memory.use('b', 1899)).toBe(false);
  expect(memory.use('b', 3000)).toBe(true);
});

it('forgets everything after a long pause', () => {
  const memory = new NonceMemory(1000);
  memory.use('a', 0);
  expect(memory.use('a', 10_000)).toBe(true);
});
