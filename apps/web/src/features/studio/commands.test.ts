import { beforeEach, expect, test, vi } from 'vitest';
import { createDocumentStore, type DocumentStore } from '../../document/store.ts';
import { addStep } from './add-step.ts';
import { commandById, commands, isPossible } from './commands.ts';
import type { Studio } from './studio-context.ts';

let store: DocumentStore;
const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
const studio = { saving: false, refusals: {}, canvas: undefined, save: vi.fn(), run: vi.fn() } as unknown as Studio;
const context = () => ({ store, studio });
const ids = () => store.getState().history.state.document.steps.map((step) => step.id);
const run = (id: string) => commandById(id).run(context());

beforeEach(() => {
  store = createDocumentStore(storage);
  const steps = [
    { id: 'read', type: 'datasource.read.gigya.account', params: { select: 'UID' }, next: ['rename'] },
    { id: 'rename', type: 'field.rename', params: { fields: [] }, next: ['dsv'] },
    { id: 'dsv', type: 'file.format.dsv', params: {}, next: [] },
  ];
  store.getState().open({ id: '0'.repeat(32), apiKey: '4_demo', version: 1, state: { document: { steps }, layout: {} }, draft: false });
});

test('no two commands share an id or a shortcut', () => {
  const shortcuts = commands.flatMap((command) => command.shortcuts ?? []);
  expect(new Set(commands.map((command) => command.id)).size).toBe(commands.length);
  expect(new Set(shortcuts).size).toBe(shortcuts.length);
});

test('delete needs a selection, removes it, and undo brings back steps and arrows', () => {
  expect(isPossible(commandById('delete'), context())).toBe(false);
  store.getState().select({ steps: ['rename'] });
  run('delete');
  expect(ids()).toEqual(['read', 'dsv']);
  expect(store.getState().history.state.document.steps[0]?.next).toEqual([]);
  run('undo');
  expect(ids()).toEqual(['read', 'rename', 'dsv']);
  expect(store.getState().history.state.document.steps[0]?.next).toEqual(['rename']);
  run('redo');
  expect(ids()).toEqual(['read', 'dsv']);
});

test('a selected arrow is deleted alone', () => {
  store.getState().select({ arrows: ['read/next/rename/0'] });
  run('delete');
  expect(ids()).toHaveLength(3);
  expect(store.getState().history.state.document.steps[0]?.next).toEqual([]);
});

test('duplicate selects the copy', () => {
  store.getState().select({ steps: ['rename'] });
  run('duplicate');
  expect(ids()).toHaveLength(4);
  expect(store.getState().selection.steps).toEqual([ids()[3]]);
});

test('save is possible only when something changed', () => {
  expect(isPossible(commandById('save'), context())).toBe(false);
  store.getState().push({ type: 'set-details', name: 'New' }, { title: 'Rename flow' });
  expect(isPossible(commandById('save'), context())).toBe(true);
});

test('F2 opens the selected step at its id', () => {
  store.getState().select({ steps: ['dsv'] });
  run('rename');
  expect(store.getState().inspected).toEqual({ step: 'dsv', field: 'id' });
});

test('a step added after another is joined to it, placed beside it and selected', () => {
  const id = addStep(store, { type: 'file.compress.gzip', after: { step: 'dsv', path: 'next' } });
  const { history, selection } = store.getState();
  expect(history.state.document.steps.find((step) => step.id === 'dsv')?.next).toEqual([id]);
  expect(history.state.layout[id]?.x).toBeGreaterThan(history.state.layout.dsv?.x ?? 0);
  expect(selection.steps).toEqual([id]);
});

test('a step that does not fit after another is added without an arrow', () => {
  addStep(store, { type: 'field.add', after: { step: 'dsv', path: 'next' } });
  expect(store.getState().history.state.document.steps.find((step) => step.id === 'dsv')?.next).toEqual([]);
});

test('a step set into an arrow stands between its ends', () => {
  const id = addStep(store, {
    type: 'field.remove',
    place: { x: 0, y: 160 },
    into: { from: 'read', to: 'rename', path: 'next', index: 0 },
  });
  const steps = store.getState().history.state.document.steps;
  expect(steps.find((step) => step.id === 'read')?.next).toEqual([id]);
  expect(steps.find((step) => step.id === id)?.next).toEqual(['rename']);
});

test('a new script step can run as it is', () => {
  const id = addStep(store, { type: 'record.evaluate', after: { step: 'rename', path: 'next' } });
  expect(store.getState().issues.filter((issue) => issue.step === id && issue.severity === 'error')).toEqual([]);
});

test('what the server would refuse is not offered', () => {
  store.getState().push({ type: 'set-details', name: 'Other' }, { title: 'Rename flow' });
  expect(isPossible(commandById('save'), context())).toBe(true);
  const viewing = { store, studio: { ...studio, refusals: { edit: 'no', runTest: 'no', run: 'no' } } };
  expect(['save', 'run-test', 'run'].map((id) => isPossible(commandById(id), viewing))).toEqual([false, false, false]);
});
