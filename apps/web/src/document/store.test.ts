import { expect, test } from 'vitest';
import { type DraftStorage, readDraft } from './draft.ts';
import { createDocumentStore, isDirty } from './store.ts';

function memory(): DraftStorage & { texts: Map<string, string> } {
  const texts = new Map<string, string>();
  return {
    texts,
    getItem: (key) => texts.get(key) ?? null,
    setItem: (key, text) => void texts.set(key, text),
    removeItem: (key) => void texts.delete(key),
  };
}

const id = '0123456789abcdef0123456789abcdef';
const steps = [
  { id: 'in', type: 'datasource.read.sftp', params: { host: 'example.com', username: 'demo', password: '********' }, next: ['out'] },
  { id: 'out', type: 'datasource.write.sftp', params: { host: 'example.com', username: 'demo', password: '********' } },
];

function opened(storage = memory()) {
  const store = createDocumentStore(storage);
  store.getState().open({ id, apiKey: '4_demo', version: 3, state: { document: { name: 'Flow', steps }, layout: {} }, draft: false });
  return { store, storage, open: () => store.getState() };
}

test('a flow without places is laid out on opening and is not dirty for it', () => {
  const { open } = opened();
  expect(Object.keys(open().history.state.layout)).toEqual(['in', 'out']);
  expect(isDirty(open())).toBe(false);
});

test('saving makes the flow clean, going back makes it dirty, coming again makes it clean', () => {
  const { open } = opened();
  open().push({ type: 'set-details', name: 'Other' }, { title: 'Rename flow' });
  expect(isDirty(open())).toBe(true);
  open().markSaved({ version: 4, revision: open().history.revision, draft: false });
  expect(isDirty(open())).toBe(false);
  open().undo();
  expect(isDirty(open())).toBe(true);
  open().redo();
  expect(isDirty(open())).toBe(false);
});

test('what is typed while a save is on its way stays unsaved', () => {
  const { open, storage } = opened();
  open().push({ type: 'set-details', name: 'One' }, { title: 'Rename flow' });
  const { revision } = open().history;
  open().push({ type: 'set-details', name: 'Two' }, { title: 'Rename flow' });
  open().markSaved({ version: 4, revision, draft: false });
  expect(isDirty(open())).toBe(true);
  expect(readDraft(storage, id)?.state.document.name).toBe('Two');
});

test('unsaved work is offered back by the next visit and can be taken up', () => {
  const { open, storage } = opened();
  open().push({ type: 'set-details', name: 'Unsaved' }, { title: 'Rename flow' });
  const next = opened(storage);
  expect(next.open().history.state.document.name).toBe('Flow');
  expect(next.open().offeredDraft?.baseVersion).toBe(3);
  next.open().takeUpDraft();
  expect(next.open().history.state.document.name).toBe('Unsaved');
  expect(next.open().offeredDraft).toBeUndefined();
  expect(isDirty(next.open())).toBe(true);
});

test('a discarded draft is not offered again', () => {
  const { open, storage } = opened();
  open().push({ type: 'set-details', name: 'Unsaved' }, { title: 'Rename flow' });
  opened(storage).open().dropDraft();
  expect(opened(storage).open().offeredDraft).toBeUndefined();
});

test('undoing to the saved state drops the draft', () => {
  const { open, storage } = opened();
  open().push({ type: 'set-details', name: 'Unsaved' }, { title: 'Rename flow' });
  open().undo();
  expect(storage.texts.size).toBe(0);
});

test('a typed secret is never written to the browser, a stored one stays a mask', () => {
  const { open, storage } = opened();
  open().push({ type: 'set-params', id: 'in', params: { host: 'example.com', password: 'hunter2-typed' } }, { title: 'Change password' });
  const kept = [...storage.texts.values()].join();
  expect(kept).not.toContain('hunter2-typed');
  expect(readDraft(storage, id)?.state.document.steps[1]?.params?.password).toBe('********');
});

test('selection and inspector follow a rename and let go of deleted steps', () => {
  const { open } = opened();
  open().select({ steps: ['in', 'out'] });
  open().inspect('in', 'params.host');
  open().push({ type: 'rename-step', from: 'in', to: 'first' }, { title: 'Rename in' });
  expect(open().selection.steps).toEqual(['first', 'out']);
  expect(open().inspected?.step).toBe('first');
  open().push({ type: 'remove-steps', ids: ['first'] }, { title: 'Delete first' });
  expect(open().selection.steps).toEqual(['out']);
  expect(open().inspected).toBeUndefined();
});

test('an open inspector goes along with the selection, a closed one stays closed', () => {
  const { open } = opened();
  open().select({ steps: ['in'] });
  expect(open().inspected).toBeUndefined();
  open().inspect('in', 'params.host');
  open().select({ steps: ['in'] });
  expect(open().inspected).toEqual({ step: 'in', field: 'params.host' });
  open().select({ steps: ['out'] });
  expect(open().inspected).toEqual({ step: 'out' });
  open().select({});
  expect(open().inspected).toEqual({ step: 'out' });
});

test('issues are those of the document as it stands', () => {
  const { open } = opened();
  open().push({ type: 'set-params', id: 'out', params: {} }, { title: 'Change host' });
  expect(open().issues.some((issue) => issue.step === 'out' && issue.field === 'params.host')).toBe(true);
  open().undo();
  expect(open().issues.some((issue) => issue.step === 'out')).toBe(false);
});

test('a storage that is full does not stop editing', () => {
  const full: DraftStorage = {
    getItem: () => null,
    setItem: () => {
      throw new Error('QuotaExceededError');
    },
    removeItem: () => undefined,
  };
  const store = createDocumentStore(full);
  store.getState().open({ id, apiKey: '4_demo', version: 1, state: { document: { steps }, layout: {} }, draft: false });
  store.getState().push({ type: 'set-details', name: 'Kept' }, { title: 'Rename flow' });
  expect(store.getState().history.state.document.name).toBe('Kept');
});
