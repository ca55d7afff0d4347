import { expect, it } from 'vitest';
import { refusalOf } from './permission.ts';

it('lets a viewer look, and says which role the rest needs', () => {
  expect(refusalOf('viewer', 'edit')).toBe('This needs the role editor; you are viewer.');
  expect(refusalOf('viewer', 'runTest')).toContain('editor');
});

it('lets an editor try a flow but not run it for real', () => {
  expect(refusalOf('editor', 'edit')).toBeUndefined();
  expect(refusalOf('editor', 'runTest')).toBeUndefined();
  expect(refusalOf('editor', 'run')).toBe('This needs the role operator; you are editor.');
});

it('lets operators and administrators do everything', () => {
  expect(
    (['operator', 'admin'] as const).flatMap((role) => (['edit', 'runTest', 'run'] as const).map((act) => refusalOf(role, act))),
  ).toEqual(Array(6).fill(undefined));
});
