import { expect, it } from 'vitest';
import { drawingSize } from './drawing-size.ts';

const step = (id: string, ...next: string[]) => ({ id, type: 'field.rename', next });

it('gives a straight flow one row and a column for each step', () => {
  expect(drawingSize({ steps: [step('a', 'b'), step('b', 'c'), step('c')] })).toEqual({ height: 184, minWidth: 456 });
});

it('gives each branch a row, also when the branches join again', () => {
  expect(drawingSize({ steps: [step('a', 'b', 'c'), step('b', 'd'), step('c', 'd'), step('d')] })).toEqual({ height: 296, minWidth: 456 });
});

it('stays within limits for wide and for empty flows', () => {
  const many = Array.from({ length: 30 }, (_, at) => step(`s${at}`));
  expect(drawingSize({ steps: many }).height).toBe(480);
  expect(drawingSize({ steps: [] })).toEqual({ height: 184, minWidth: 0 });
});
