import { describe, expect, it } from 'vitest';
import { isActive, jobOutcome } from './job-outcome.ts';
import { type ProgressSample, progressOf, withSample } from './job-progress.ts';

describe('the outcome of a job', () => {
  it('tells a clean success from one that lost records', () => {
    expect(jobOutcome({ status: 'succeeded', failedRecords: 0 })).toMatchObject({ tone: 'ok', label: 'Succeeded' });
    expect(jobOutcome({ status: 'succeeded', failedRecords: 12 })).toMatchObject({
      tone: 'warn',
      label: 'Succeeded with 12 failed records',
    });
    expect(jobOutcome({ status: 'succeeded', failedRecords: 1 }).label).toBe('Succeeded with 1 failed record');
  });
  it('does not call it a success when every record failed', () => {
    const all = jobOutcome({ status: 'succeeded', failedRecords: 10, processedRecords: 10 });
    expect(all).toMatchObject({ tone: 'fail', label: 'All 10 records failed' });
    expect(jobOutcome({ status: 'succeeded', failedRecords: 9, processedRecords: 10 }).brief).toBe('Succeeded, 9 failed');
  });
  it('stays a failure however many records failed', () => {
    expect(jobOutcome({ status: 'failed', failedRecords: 3 })).toMatchObject({ tone: 'fail', label: 'Failed' });
  });
  it('says while it runs that records are failing', () => {
    expect(jobOutcome({ status: 'running', failedRecords: 1500 }).label).toBe('Running, 1,500 failed records');
  });
  it('is open only while it waits or runs', () => {
    expect((['pending', 'running', 'succeeded', 'failed', 'killed'] as const).filter(isActive)).toEqual(['pending', 'running']);
  });
});

describe('the progress of a job', () => {
  const steady: ProgressSample[] = [0, 1, 2, 3, 4].map((second) => ({ atMs: second * 1000, processed: second * 500 }));

  it('has a rate and a time left when the total is known', () => {
    expect(progressOf(steady, 10_000)).toEqual({ ratePerSecond: 500, remainingMs: 16_000 });
  });
  it('has no time left when the total is unknown, was passed, or nothing moves', () => {
    expect(progressOf(steady, null).remainingMs).toBeUndefined();
    expect(progressOf(steady, 1000).remainingMs).toBeUndefined();
    const stalled = steady.map((sample) => ({ ...sample, processed: 7 }));
    expect(progressOf(stalled, 100)).toEqual({ ratePerSecond: 0, remainingMs: undefined });
  });
  it('has no rate after one look', () => {
    expect(progressOf(steady.slice(0, 1), 10)).toEqual({ ratePerSecond: undefined, remainingMs: undefined });
  });
  it('forgets what lies further back than the window, so that a stall is noticed', () => {
    let samples: ProgressSample[] = [];
    for (let second = 0; second <= 60; second++)
      samples = withSample(samples, { atMs: second * 1000, processed: Math.min(second, 30) * 100 });
    expect(samples.length).toBeLessThanOrEqual(17);
    expect(progressOf(samples, 10_000).ratePerSecond).toBe(0);
  });
  it('begins anew when a new attempt starts counting from zero', () => {
    expect(withSample(steady, { atMs: 5000, processed: 0 })).toEqual([{ atMs: 5000, processed: 0 }]);
  });
});
