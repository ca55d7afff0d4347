import { expect, it } from 'vitest';
import { groupErrors } from './group-errors.ts';

const error = (message: string, count = 1, step = 'script') => ({ step, code: 400012, message, count });

it('joins errors that differ only in the record they speak of', () => {
  const [kind, ...others] = groupErrors([
    error('no market for 8e159f0f2c915bfae322e88ee11c6fab (line 3)'),
    error('no market for 3a914b38d46ea724d177c21ba6eea247 (line 3)', 2),
  ]);
  expect(others).toEqual([]);
  expect(kind).toMatchObject({ message: 'no market for … (line 3)', count: 3 });
  expect(kind?.samples[0]).toContain('3a914b38');
});

it('keeps a message whole that stands alone', () => {
  expect(groupErrors([error('ada@example.com is taken', 4)])).toEqual([{ ...error('ada@example.com is taken', 4), samples: [] }]);
});

it('does not join errors of different steps or lines', () => {
  expect(groupErrors([error('bad (line 3)'), error('bad (line 4)'), error('bad (line 3)', 1, 'other')])).toHaveLength(3);
});

it('puts what was not kept one by one last, however much it is', () => {
  const sorted = groupErrors([error('Further errors with other messages.', 900), error('a'), error('b', 5)]);
  expect(sorted.map(({ count }) => count)).toEqual([5, 1, 900]);
});
