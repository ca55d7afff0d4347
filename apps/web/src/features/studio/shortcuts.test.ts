import { expect, test } from 'vitest';
import { keysOf, matches } from './shortcuts.ts';

const press = (key: string, held: { ctrl?: boolean; meta?: boolean; shift?: boolean; alt?: boolean } = {}) => ({
  key,
  ctrlKey: held.ctrl ?? false,
  metaKey: held.meta ?? false,
  shiftKey: held.shift ?? false,
  altKey: held.alt ?? false,
});

test.each([
  ['mod+z', press('z', { ctrl: true }), true],
  ['mod+z', press('Z', { ctrl: true, shift: true }), false],
  ['mod+shift+z', press('Z', { ctrl: true, shift: true }), true],
  ['delete', press('Delete'), true],
  ['a', press('a', { ctrl: true }), false],
  ['?', press('?', { shift: true }), true],
  ['+', press('+', { shift: true }), true],
  ['+', press('+'), true],
  ['shift+l', press('L', { shift: true }), true],
] as const)('%s is meant by %j: %s', (shortcut, event, meant) => {
  expect(matches(event, shortcut, false)).toBe(meant);
});

test('on a Mac the command key is meant', () => {
  expect(matches(press('s', { meta: true }), 'mod+s', true)).toBe(true);
  expect(matches(press('s', { ctrl: true }), 'mod+s', true)).toBe(false);
});

test('keys are shown as they are printed', () => {
  expect(keysOf('mod+shift+z', false)).toEqual(['Ctrl', 'Shift', 'Z']);
  expect(keysOf('+', false)).toEqual(['+']);
  expect(keysOf('mod+shift+z', true)).toEqual(['⌘', '⇧', 'Z']);
});
