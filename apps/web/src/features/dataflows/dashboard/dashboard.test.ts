import { describe, expect, it } from 'vitest';
import type { DataflowRow, JobRow } from '../../../lib/api.ts';
import { dayFigures } from './day-figures.ts';
import { failingStreak, flowHealth } from './flow-health.ts';
import { countByShow, listDefaults, listFlows } from './list-flows.ts';

type Run = DataflowRow['recentJobs'][number];
const run = (status: Run['status'], failedRecords = 0): Run => ({ id: 'j', status, failedRecords, processedRecords: 10, startTime: null });

const flow = (name: string, recentJobs: Run[] = [], more: Partial<DataflowRow> = {}): DataflowRow => ({
  id: name,
  name,
  description: '',
  outline: 'account > dsv > sftp',
  status: 'published',
  version: 1,
  updateTime: '2026-11-23T00:00:00Z',
  updatedByName: 'Ana',
  lastRuntime: null,
  nextRun: null,
  lastJob: null,
  recentJobs,
  ...more,
});

describe('the health of a flow', () => {
  it.each([
    [[], 'never', 'Never run'],
    [[run('succeeded')], 'healthy', 'Healthy'],
    [[run('failed'), run('succeeded')], 'healthy', 'Healthy'],
    [[run('succeeded', 12)], 'losing', 'Losing records'],
    [[run('succeeded'), run('failed')], 'failing', 'Last run failed'],
    [[run('succeeded'), run('killed')], 'stopped', 'Last run stopped'],
    [[run('failed'), run('pending')], 'running', 'Waiting to start'],
    [[run('failed'), run('running')], 'running', 'Running'],
  ] as const)('after %j is %s', (recentJobs, kind, label) => {
    expect(flowHealth({ status: 'published', recentJobs: [...recentJobs] })).toMatchObject({ kind, label });
  });
  it('counts failures in a row, over runs that were stopped', () => {
    expect(failingStreak([run('succeeded'), run('failed'), run('killed'), run('failed')])).toBe(2);
    expect(failingStreak([run('failed'), run('failed'), run('failed')])).toBe(3);
    expect(failingStreak([])).toBe(0);
    expect(flowHealth({ status: 'published', recentJobs: [run('failed'), run('failed')] }).detail).toBe('2 runs in a row');
  });
  it('of a draft says that it cannot run yet', () => {
    expect(flowHealth({ status: 'draft', recentJobs: [] })).toMatchObject({ kind: 'draft', label: 'Draft' });
  });
});

describe('the list of flows', () => {
  const flows = [
    flow('beta 10', [run('failed')]),
    flow('Alpha', [run('succeeded')]),
    flow('beta 9'),
    flow('gamma', [run('running')], { description: 'Nightly' }),
  ];
  const names = (change: Partial<typeof listDefaults>) => listFlows(flows, { ...listDefaults, ...change }).map((item) => item.flow.name);

  it('is in the order of names, numbers by their value', () => {
    expect(names({})).toEqual(['Alpha', 'beta 9', 'beta 10', 'gamma']);
    expect(names({ order: 'desc' })).toEqual(['gamma', 'beta 10', 'beta 9', 'Alpha']);
  });
  it('finds every word anywhere in name, description and outline', () => {
    expect(names({ q: 'sftp BETA' })).toEqual(['beta 9', 'beta 10']);
    expect(names({ q: 'nightly' })).toEqual(['gamma']);
    expect(names({ q: 'nightly beta' })).toEqual([]);
  });
  it('by health has the worst on top', () => {
    expect(names({ sort: 'health' })).toEqual(['beta 10', 'gamma', 'beta 9', 'Alpha']);
  });
  it('shows all for a filter or an order that does not exist', () => {
    expect(names({ show: 'nonsense', sort: 'nonsense' })).toHaveLength(4);
  });
  it('counts what each filter would show', () => {
    expect(countByShow(flows)).toEqual({ all: 4, attention: 1, running: 1, healthy: 1, never: 1 });
  });
});

describe('the figures of the day', () => {
  it('count failures of 24 hours and records since midnight UTC', () => {
    const job = (startTime: string, status: JobRow['status'], processedRecords: number) =>
      ({ startTime, status, processedRecords }) as JobRow;
    const jobs = [
      job('2026-11-23T01:00:00Z', 'succeeded', 100),
      job('2026-11-22T23:00:00Z', 'failed', 40),
      job('2026-11-22T02:00:00Z', 'failed', 7),
    ];
    const figures = dayFigures([flow('a', [run('running'), run('succeeded')])], jobs, Date.parse('2026-11-23T03:00:00Z'));
    expect(figures).toEqual({ flows: 1, running: 1, failed: 1, recordsToday: 100 });
  });
});
