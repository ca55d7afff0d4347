import { Badge } from '@mantine/core';
import type { JobDetails, NumberedTraceLine } from '../../../lib/api.ts';
import { isActive, jobOutcome } from '../../../lib/job-outcome.ts';
import type { ProgressSample } from '../../../lib/job-progress.ts';
import { Page } from '../../../ui/page.tsx';
import { StatusMark } from '../../../ui/status-mark.tsx';
import { JobActions } from './job-actions.tsx';
import { JobDrawing } from './job-drawing.tsx';
import { JobFacts } from './job-facts.tsx';
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
      lead={job.status === 'succeeded' && ended}
      actions={<JobActions job={job} />}
    >
      <div className={classes.rows}>
        {ended && job.status !== 'succeeded' && (
          <p className={classes.outcome} data-tone={tone}>
            {ended}
          </p>
        )}
        <ProgressPanel job={job} samples={samples} reconnecting={reconnecting} />
        <JobDrawing document={job.document} snapshot={job.snapshot} />
        <div className={classes.columns}>
          <JobTabs job={job} liveLines={liveLines} />
          <JobFacts job={job} />
        </div>
      </div>
    </Page>
  );
}
