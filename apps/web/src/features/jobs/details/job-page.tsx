import { useParams } from 'react-router';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import { Page } from '../../../ui/page.tsx';
import { JobSkeleton } from './job-skeleton.tsx';
import { JobView } from './job-view.tsx';
import { useJob } from './use-job.ts';

export function JobPage() {
  const { id = '' } = useParams();
  const { job, error, refetch, liveLines, samples, reconnecting } = useJob(id);
  if (job) return <JobView key={id} job={job} liveLines={liveLines} samples={samples} reconnecting={reconnecting} />;
  return (
    <Page title="Job" back={{ to: '/jobs', label: 'Back to jobs' }}>
      {error ? <ErrorPanel title="This job could not be fetched" error={error} onRetry={() => refetch()} /> : <JobSkeleton />}
    </Page>
  );
}
