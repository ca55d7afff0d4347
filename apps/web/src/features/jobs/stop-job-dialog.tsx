import { Text } from '@mantine/core';
import type { JobRow } from '../../lib/api.ts';
import { countOf } from '../../lib/format-number.ts';
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx';
import { useStopJob } from './use-stop-job.ts';

/** Says what a stopped job leaves behind before it is stopped. */
export function StopJobDialog({ job, onClose }: { job: JobRow | undefined; onClose(): void }) {
  const stop = useStopJob();
  return (
    <ConfirmDialog
      opened={job !== undefined}
      title="Stop this job?"
      confirm="Stop job"
      keep="Keep running"
      busy={stop.isPending}
      onClose={onClose}
      onConfirm={() => job && stop.mutate({ id: job.id }, { onSettled: onClose })}
    >
      <Text>
        “{job?.dataflowName}” has processed {countOf(job?.processedRecords ?? 0, 'record')}. What it delivered so far stays delivered; the
        file it is writing is thrown away.
      </Text>
      <Text mt="xs" c="dimmed">
        The next run begins where the last successful one began, so nothing is skipped.
      </Text>
    </ConfirmDialog>
  );
}
