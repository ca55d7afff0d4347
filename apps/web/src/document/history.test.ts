import type { DataflowState } from '@idsync/engine/dataflow';
import { expect, test } from 'vitest';
import { endGesture, historyOf, pushEdit, redo, undo } from './history.ts';

const state: DataflowState = {
  document: {
    name: 'Flow',
    steps: [
      { id: 'a', type: 'field.rename', params: {}, next: ['b'] },
      { id: 'b', type: 'field.remove' },
    ],
  },
  layout: { a: { x: 0, y: 0 }, b: { x: 320, y: 0 } },
};
const typed = (text: string) => ({ type: 'set-params', id: 'a', params: { text } }) as const;

test('undo and redo lead through the same states', () => {
  const renamed = pushEdit(historyOf(state), { type: 'rename-step', from: 'a', to: 'first' }, { title: 'Rename a' });
  const removed = pushEdit(renamed, { type: 'remove-steps', ids: ['b'] }, { title: 'Delete b' });
  const back = undo(undo(removed));
  expect(back.state).toEqual(state);
  expect(back.future.map((entry) => entry.title)).toEqual(['Delete b', 'Rename a']);
  expect(redo(redo(back)).state).toEqual(removed.state);
});

test('typing in one field is undone at once', () => {
  let history = historyOf(state);
  for (const text of ['h', 'he', 'hey']) history = pushEdit(history, typed(text), { title: 'Change text', gesture: 'params:a:text' });
  expect(history.past).toHaveLength(1);
  expect(undo(history).state).toEqual(state);
});

test('a gesture that has ended is not gone on with', () => {
  const options = { title: 'Change text', gesture: 'params:a:text' };
  const once = endGesture(pushEdit(historyOf(state), typed('one'), options));
  const twice = pushEdit(once, typed('two'), options);
  expect(twice.past).toHaveLength(2);
  expect(undo(twice).state).toEqual(once.state);
});

test('another edit between breaks a gesture', () => {
  const options = { title: 'Change text', gesture: 'params:a:text' };
  const first = pushEdit(historyOf(state), typed('one'), options);
  const moved = pushEdit(first, { type: 'move-steps', positions: { a: { x: 16, y: 16 } } }, { title: 'Move a' });
  expect(pushEdit(moved, typed('two'), options).past).toHaveLength(3);
});

test('a new edit forgets what could be redone', () => {
  const undone = undo(pushEdit(historyOf(state), typed('one'), { title: 'Change text' }));
  expect(pushEdit(undone, typed('two'), { title: 'Change text' }).future).toEqual([]);
});

test('undoing to a state gives it its own revision again, and no later state shares it', () => {
  const first = pushEdit(historyOf(state), typed('one'), { title: 'Change text' });
  const undone = undo(first);
  expect(undone.revision).toBe(0);
  expect(redo(undone).revision).toBe(first.revision);
  expect(pushEdit(undone, typed('two'), { title: 'Change text' }).revision).not.toBe(first.revision);
});

test('an edit that makes no sense throws and leaves the history alone', () => {
  const history = historyOf(state);
  expect(() => pushEdit(history, { type: 'connect', from: 'b', to: 'a', path: 'next' }, { title: 'Draw arrow' })).toThrow();
  expect(history.past).toEqual([]);
});
