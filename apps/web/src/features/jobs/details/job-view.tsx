import { Badge } from '@mantine/core';
import { useMemo } from 'react';
import { entryOf } from '../../../document/catalogue.ts';
import type { JobDetails, NumberedTraceLine } from '../../../lib/api.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { isActive, jobOutcome } from '../../../lib/job-outcome.ts';
import type { ProgressSample } from '../../../lib/job-progress.ts';
import { Page } from '../../../ui/page.tsx';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { deliveriesOf } from './deliveries.ts';
import { JobActions } from './job-actions.tsx';
import { JobDrawing } from './job-drawing.tsx';
import { JobFacts } from './job-facts.tsx';
import { jobSummary } from './job-summary.ts';
import { JobTabs } from './job-tabs.tsx';
import classes from './job-view.module.css';
import { ProgressPanel } from './progress-panel.tsx';

interface JobViewProps {
  job: JobDetails;
  liveLines: readonly NumberedTraceLine[];
  samples: readonly ProgressSample[];
  reconnecting: boolean;
}

export function JobView({ job, liveLines, samples, reconnecting }: JobViewProps) {
  const { tone, label } = jobOutcome(job);
  const ended = isActive(job.status) ? undefined : job.outcome;
  const deliveries = useMemo(() => deliveriesOf(job.document, job.snapshot, entryOf), [job.document, job.snapshot]);
  const filtered = job.snapshot.steps.reduce((sum, step) => sum + step.filtered, 0);
  const { processedRecords: read, failedRecords: failed } = job;
  return (
    <Page
      title={job.dataflowName}
      back={{ to: `/dataflows/${job.dataflowId}/jobs`, label: 'Job history' }}
      mark={
        <>
          <StatusMark large tone={tone} label={label} status={job.status} testId="job-status" />
          {job.test && (
            <Badge variant="default" tt="none" size="lg" fw={500}>
              Test run
            </Badge>
          )}
        </>
      }
      lead={job.status === 'succeeded' && jobSummary({ read, failed, filtered, deliveries })}
      actions={<JobActions job={job} />}
    >
      <div className={classes.rows}>
        {ended && job.status !== 'succeeded' && (
          <p className={classes.outcome} data-tone={tone}>
            {ended}
            <span className={classes.until}>{readUntilThen(job)}</span>
          </p>
        )}
        <ProgressPanel
          job={job}
          deliveries={job.status === 'succeeded' ? deliveries : undefined}
          samples={samples}
          reconnecting={reconnecting}
        />
        <JobDrawing document={job.document} snapshot={job.snapshot} />
        <div className={classes.columns}>
          <JobTabs job={job} liveLines={liveLines} />
          <JobFacts job={job} />
        </div>
      </div>
    </Page>
  );
}

/** What may already have happened when a job did not reach its end. */
const readUntilThen = ({ processedRecords }: JobDetails): string =>
  processedRecords === 0
    ? 'No record had been read until then.'
    : `${formatCount(processedRecords)} records had been read until then; Step metrics shows how far they came.`;
