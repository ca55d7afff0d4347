import type { ArrowMetrics, DataflowDocument, StepMetrics } from '@idsync/engine/dataflow';
import { expect, it } from 'vitest';
import { deliveriesOf } from './deliveries.ts';
import { jobSummary } from './job-summary.ts';

const kinds = {
  read: { kind: 'reader' },
  script: { kind: 'batch-transformer', input: 'records' },
  format: { kind: 'formatter', input: 'records' },
  gzip: { kind: 'file-transformer', input: 'files' },
  sftp: { kind: 'writer', input: 'files' },
  account: { kind: 'writer', input: 'records' },
} as const;
const entryOf = (type: string) => kinds[type as keyof typeof kinds];

const counts = (step: string, input: number, output: number, failed = 0): StepMetrics => ({
  ...{ step, type: step, input, output, failed },
  ...{ filtered: 0, durationSec: 0, balanced: true },
});

const toFile: DataflowDocument = {
  steps: [
    { id: 'read', type: 'read', next: ['script'] },
    { id: 'script', type: 'script', next: ['format'] },
    { id: 'format', type: 'format', next: ['gzip'] },
    { id: 'gzip', type: 'gzip', next: ['sftp'] },
    { id: 'sftp', type: 'sftp' },
  ],
};

it('counts the records inside the files that were written', () => {
  const metrics = [counts('read', 0, 10), counts('script', 10, 7, 3), counts('format', 7, 1), counts('gzip', 1, 1), counts('sftp', 1, 0)];
  const arrows = [{ from: 'gzip', to: 'sftp', path: 'next', count: 1 }] as const;
  expect(deliveriesOf(toFile, { steps: metrics, arrows: [...arrows] }, entryOf)).toEqual({ records: 7, files: 1, targets: 1 });
});

it('counts what a writer of records did not refuse', () => {
  const document = {
    steps: [
      { id: 'read', type: 'read', next: ['account'] },
      { id: 'account', type: 'account' },
    ],
  };
  expect(deliveriesOf(document, { steps: [counts('read', 0, 10), counts('account', 10, 0, 4)], arrows: [] }, entryOf)).toMatchObject({
    records: 6,
    files: 0,
  });
});

it('leaves out what the error path keeps', () => {
  const document: DataflowDocument = {
    steps: [
      { id: 'read', type: 'read', next: ['script'] },
      { id: 'script', type: 'script', next: ['format'], error: ['failures'] },
      { id: 'format', type: 'format', next: ['sftp'] },
      { id: 'failures', type: 'format', next: ['sftp'] },
      { id: 'sftp', type: 'sftp' },
    ],
  };
  const steps = [counts('read', 0, 10), counts('script', 10, 8, 2), counts('format', 8, 1), counts('failures', 2, 1), counts('sftp', 2, 0)];
  const arrows: ArrowMetrics[] = [
    { from: 'format', to: 'sftp', path: 'next', count: 1 },
    { from: 'failures', to: 'sftp', path: 'next', count: 1 },
  ];
  expect(deliveriesOf(document, { steps, arrows }, entryOf)).toEqual({ records: 8, files: 1, targets: 1 });
});

it('finds nothing delivered when no file came to the writer', () => {
  const metrics = [counts('read', 0, 10), counts('script', 10, 0, 10), counts('format', 0, 0), counts('gzip', 0, 0), counts('sftp', 0, 0)];
  const deliveries = deliveriesOf(toFile, { steps: metrics, arrows: [] }, entryOf);
  expect(deliveries).toEqual({ records: 0, files: 0, targets: 1 });
  expect(jobSummary({ read: 10, failed: 10, filtered: 0, deliveries })).toBe('10 records read: none delivered, 10 failed.');
});

it('says in one sentence where the records went', () => {
  const deliveries = { records: 9701, files: 1, targets: 1 };
  expect(jobSummary({ read: 10000, failed: 0, filtered: 299, deliveries })).toBe(
    '10,000 records read: 9,701 delivered in 1 file, 299 filtered out.',
  );
  expect(jobSummary({ read: 0, failed: 0, filtered: 0, deliveries: { records: 0, files: 0, targets: 1 } })).toBe(
    'There was nothing to read: no record is new since the last run, or none fits the step that reads.',
  );
});
