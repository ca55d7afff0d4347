import { errorCodes } from '@idsync/engine/dataflow';
import { expect, it } from 'vitest';
import { errorHint } from './error-hint.ts';

it.each(Object.entries(errorCodes))('has a hint for %s (%d)', (_name, code) => {
  expect(errorHint(code)).toMatch(/\.$/);
});

it('prefers the hint of the very code to that of its family', () => {
  expect(errorHint(403048)).toMatch(/throttled/);
  expect(errorHint(403011)).toMatch(/permissions/);
});

it('has none for codes of other families', () => {
  expect(errorHint(12)).toBeUndefined();
});
