import type { StepMetrics } from '@idsync/engine/dataflow';
import { describe, expect, it } from 'vitest';
import { stepFigures } from './step-figures.ts';

const step = (id: string, durationSec: number, input: number, output: number): StepMetrics => ({
  ...{ step: id, type: 't', durationSec, input, output },
  ...{ failed: 0, filtered: 0, balanced: true },
});

describe('the figures of a job’s steps', () => {
  const figures = stepFigures(
    [step('sftp', 4, 1, 0), step('account', 2, 0, 500), step('rename', 0, 500, 500)],
    ['account', 'rename', 'sftp'],
  );

  it('stand in flow order, steps the flow does not know at the end', () => {
    expect(figures.map((figure) => figure.step)).toEqual(['account', 'rename', 'sftp']);
    expect(stepFigures([step('old', 1, 1, 1), step('a', 1, 1, 1)], ['a']).map((figure) => figure.step)).toEqual(['a', 'old']);
  });
  it('mark the slowest and measure the others against it', () => {
    expect(figures.map(({ slowest, share }) => [slowest, share])).toEqual([
      [false, 0.5],
      [false, 0],
      [true, 1],
    ]);
  });
  it('give a reader’s rate by what comes out, and none before a step has worked', () => {
    expect(figures.map((figure) => figure.ratePerSecond)).toEqual([250, undefined, 0.25]);
  });
  it('call nothing the slowest when there is nothing to compare with', () => {
    expect(stepFigures([step('a', 3, 1, 1)], ['a'])[0]?.slowest).toBe(false);
    expect(stepFigures([], [])).toEqual([]);
  });
});
