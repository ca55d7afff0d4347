import type { ReactNode } from 'react';
import type { JobDetails } from '../../../lib/api.ts';
import { formatDuration, spanMs } from '../../../lib/format-duration.ts';
import { formatCount, formatPercent, formatRate } from '../../../lib/format-number.ts';
import { isActive, jobOutcome } from '../../../lib/job-outcome.ts';
import { type ProgressSample, progressOf } from '../../../lib/job-progress.ts';
import { useNow } from '../../../ui/use-now.ts';
import type { Deliveries } from './deliveries.ts';
import classes from './progress-panel.module.css';

interface ProgressPanelProps {
  job: JobDetails;
  /** Known when the job ran to its end. */
  deliveries: Deliveries | undefined;
  samples: readonly ProgressSample[];
  reconnecting: boolean;
}

/** How far the job is: counts, rate and time left, or plainly that nobody can know the total. */
export function ProgressPanel({ job, deliveries, samples, reconnecting }: ProgressPanelProps) {
  const active = isActive(job.status);
  const now = useNow(active ? 1_000 : undefined);
  const ranMs = spanMs(job, now);
  const { processedRecords: processed, totalRecords: total } = job;
  const { ratePerSecond, remainingMs } = progressOf(samples, total);
  const overallRate = ranMs ? (processed * 1000) / ranMs : undefined;
  const rate = active ? (ratePerSecond ?? overallRate) : overallRate;
  return (
    <section className={classes.panel} aria-label="Progress">
      <dl className={classes.figures}>
        <Figure label="Processed" value={formatCount(processed)} testId="job-processed" />
        <Figure label="Total" value={total === null ? <span className={classes.unknown}>unknown total</span> : formatCount(total)} />
        {deliveries && <Figure label="Delivered" value={<Delivered {...deliveries} />} bad={deliveries.records + deliveries.files === 0} />}
        <Figure label="Failed" value={formatCount(job.failedRecords)} bad={job.failedRecords > 0} />
        <Figure label={active ? 'Running for' : 'Duration'} value={ranMs === undefined ? '–' : formatDuration(ranMs)} />
        <Figure label={active ? 'Rate now' : 'Mean rate'} value={rate === undefined ? '–' : formatRate(rate)} />
        {active && (
          <Figure
            label="Time left"
            value={
              remainingMs === undefined ? <span className={classes.unknown}>cannot tell</span> : `about ${formatDuration(remainingMs)}`
            }
          />
        )}
      </dl>
      <ProgressBar job={job} />
      {reconnecting && (
        <p role="status" className={classes.note}>
          The connection was lost; reconnecting. Nothing that happens meanwhile is missed.
        </p>
      )}
    </section>
  );
}

/** Files are named where they hold what was delivered. */
function Delivered({ records, files }: Deliveries) {
  const inFiles = files === 1 ? '1 file' : `${formatCount(files)} files`;
  if (files === 0) return formatCount(records);
  if (records === 0) return inFiles;
  return (
    <>
      {formatCount(records)} <span className={classes.unknown}>in {inFiles}</span>
    </>
  );
}

function Figure({ label, value, bad = false, testId }: { label: string; value: ReactNode; bad?: boolean; testId?: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd data-bad={bad || undefined} data-testid={testId}>
        {value}
      </dd>
    </div>
  );
}

function ProgressBar({ job }: { job: JobDetails }) {
  const { processedRecords: processed, totalRecords: total, status } = job;
  const active = isActive(status);
  const known = total !== null && total > 0;
  const done = known ? Math.min(1, processed / total) : 0;
  const filled = active ? done : status === 'succeeded' ? 1 : done;
  return (
    <div
      role="progressbar"
      aria-label="Records processed"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={known || !active ? Math.round(filled * 100) : undefined}
      aria-valuetext={
        known ? `${formatPercent(processed, total)} of ${formatCount(total)}` : `${formatCount(processed)} of an unknown total`
      }
      className={classes.bar}
      data-tone={jobOutcome(job).tone}
      data-open={(active && !known) || undefined}
    >
      <svg width="100%" height="6" aria-hidden="true">
        <rect width={`${filled * 100}%`} height="6" rx="3" />
      </svg>
    </div>
  );
}
