import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconPencil, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import type { JobDetails } from '../../../lib/api.ts';
import { isActive } from '../../../lib/job-outcome.ts';
import { useRefusal } from '../../../lib/permission.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { RefusableButton } from '../../../ui/refusable-button.tsx';
import { StopJobDialog } from '../stop-job-dialog.tsx';

/** Stop while it runs, the same run again afterwards, and the way to the flow. */
export function JobActions({ job }: { job: JobDetails }) {
  const trpc = useTRPC();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const rerun = useMutation(
    trpc.jobs.run.mutationOptions({
      onSuccess: ({ jobId }) => navigate(`/jobs/${jobId}`),
      onError: (error) => notifications.show({ title: 'The job was not started', message: error.message, color: 'red', autoClose: 10_000 }),
    }),
  );
  const { dataflowId, test, fullExtract, logLevel, limit } = job;
  const [testing, running] = [useRefusal('runTest'), useRefusal('run')];
  const refusal = test ? testing : running;
  return (
    <>
      <Button component={Link} to={`/dataflows/${dataflowId}`} variant="default" leftSection={<IconPencil size={16} />}>
        Open flow
      </Button>
      {isActive(job.status) ? (
        <RefusableButton
          refusal={refusal}
          color="red"
          variant="outline"
          leftSection={<IconPlayerStop size={16} />}
          onClick={() => setAsking(true)}
          disabled={job.stopping}
        >
          {job.stopping ? 'Stopping…' : 'Stop'}
        </RefusableButton>
      ) : (
        <RefusableButton
          refusal={refusal}
          leftSection={<IconPlayerPlay size={16} />}
          loading={rerun.isPending}
          onClick={() => rerun.mutate({ dataflowId, test, fullExtract, logLevel, ...(limit !== null && { limit }) })}
        >
          Run again
        </RefusableButton>
      )}
      <StopJobDialog job={asking ? job : undefined} onClose={() => setAsking(false)} />
    </>
  );
}
