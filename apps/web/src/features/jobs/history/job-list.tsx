import { Button } from '@mantine/core';
import { useState } from 'react';
import { AccurateAsOf } from '../../../lib/accurate-as-of.tsx';
import type { JobRow } from '../../../lib/api.ts';
import { countOf } from '../../../lib/format-number.ts';
import { isActive } from '../../../lib/job-outcome.ts';
import { useUrlState } from '../../../lib/url-state.ts';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { Surface } from '../../../ui/surface.tsx';
import { StopJobDialog } from '../stop-job-dialog.tsx';
import { JobFilters } from './job-filters.tsx';
import classes from './job-list.module.css';
import { JobTable } from './job-table.tsx';
import { NoJobs } from './no-jobs.tsx';
import { useJobs } from './use-jobs.ts';

const filterDefaults = { query: '', status: 'all' };
export type JobFilterState = typeof filterDefaults;

/** Filtered jobs, page by page, renewed while any of them runs. */
export function JobList({ dataflowId }: { dataflowId?: string }) {
  const [state, setState] = useUrlState(filterDefaults);
  const [stopping, setStopping] = useState<JobRow>();
  const jobs = useJobs({ dataflowId, ...state });
  const filtered = state.query !== '' || state.status !== 'all';
  const refused = jobs.error && jobs.error.data?.code === 'BAD_REQUEST' ? jobs.error.message : undefined;
  return (
    <>
      <JobFilters key={state.query} state={state} problem={refused} onChange={setState} />
      {jobs.error && !refused && <ErrorPanel title="The jobs could not be fetched" error={jobs.error} onRetry={jobs.refetch} />}
      {!jobs.error && (
        <Surface label="Jobs">
          {jobs.rows?.length === 0 ? (
            <NoJobs filtered={filtered} dataflowId={dataflowId} onClear={() => setState(filterDefaults)} />
          ) : (
            <JobTable jobs={jobs.rows} ofOneFlow={dataflowId !== undefined} onStop={setStopping} />
          )}
        </Surface>
      )}
      {jobs.rows && (
        <footer className={classes.footer}>
          <span className={classes.shown}>
            {jobs.hasMore
              ? `Showing the ${jobs.rows.length} newest jobs`
              : `Showing ${jobs.rows.length} of ${countOf(jobs.rows.length, 'job')}`}
          </span>
          {jobs.hasMore && (
            <Button variant="default" size="xs" onClick={jobs.fetchMore} loading={jobs.fetchingMore}>
              Load more
            </Button>
          )}
          <AccurateAsOf
            iso={jobs.accurateAsOf}
            busy={jobs.isFetching}
            live={jobs.rows.some((job) => isActive(job.status))}
            onRefresh={jobs.refetch}
          />
        </footer>
      )}
      <StopJobDialog job={stopping} onClose={() => setStopping(undefined)} />
    </>
  );
}
