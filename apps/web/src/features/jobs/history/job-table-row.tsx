import { ActionIcon, Anchor, Table, Tooltip } from '@mantine/core';
import { IconInfoCircle, IconPlayerStop } from '@tabler/icons-react';
import { Link } from 'react-router';
import type { JobRow } from '../../../lib/api.ts';
import { formatDuration, spanMs } from '../../../lib/format-duration.ts';
import { formatCount } from '../../../lib/format-number.ts';
import { isActive, jobOutcome } from '../../../lib/job-outcome.ts';
import { useRefusal } from '../../../lib/permission.ts';
import { Time } from '../../../lib/time.tsx';
import { CopyId } from '../../../ui/copy-id.tsx';
import { StatusMark } from '../../../ui/status-mark.tsx';
import classes from './job-list.module.css';

interface JobTableRowProps {
  job: JobRow;
  nowMs: number;
  ofOneFlow: boolean;
  onStop(job: JobRow): void;
}

export function JobTableRow({ job, nowMs, ofOneFlow, onStop }: JobTableRowProps) {
  const { tone, brief } = jobOutcome(job);
  const [stopTest, stopRun] = [useRefusal('runTest'), useRefusal('run')];
  const mayStop = (job.test ? stopTest : stopRun) === undefined;
  const ranMs = spanMs(job, nowMs);
  return (
    <Table.Tr data-testid={`job-${job.id}`} className={classes.row}>
      <Table.Td className={classes.status}>
        <Link to={`/jobs/${job.id}`} className={classes.plainLink}>
          <StatusMark tone={tone} label={brief} status={job.status} />
        </Link>
        {job.test && <span className={classes.test}>test</span>}
      </Table.Td>
      {!ofOneFlow && (
        <Table.Td className={classes.flow}>
          <Anchor component={Link} to={`/dataflows/${job.dataflowId}`} c="var(--ids-text)">
            {job.dataflowName}
          </Anchor>
        </Table.Td>
      )}
      <Table.Td data-label="Job ID">
        <CopyId id={job.id} what="job ID" short />
      </Table.Td>
      <Table.Td data-label="Start, UTC">{job.startTime ? <Time iso={job.startTime} /> : <None text="not yet" />}</Table.Td>
      <Table.Td data-label="End, UTC" className={classes.spare}>
        {job.endTime ? <Time iso={job.endTime} /> : <None text="–" />}
      </Table.Td>
      <Table.Td data-label="Duration" className={classes.number}>
        {ranMs === undefined ? <None text="–" /> : formatDuration(ranMs)}
      </Table.Td>
      <Table.Td data-label="Processed" className={classes.number}>
        {formatCount(job.processedRecords)}
      </Table.Td>
      <Table.Td data-label="Failed" className={classes.number} data-some={job.failedRecords > 0 || undefined}>
        {formatCount(job.failedRecords)}
      </Table.Td>
      <Table.Td data-label="Total" className={classes.number}>
        {job.totalRecords === null ? <None text="unknown" /> : formatCount(job.totalRecords)}
      </Table.Td>
      <Table.Td data-label="By" className={classes.spare}>
        {job.createdByName}
      </Table.Td>
      <Table.Td className={classes.actions}>
        {isActive(job.status) && mayStop && (
          <Tooltip label="Stop">
            <ActionIcon variant="subtle" color="red" size="md" onClick={() => onStop(job)} aria-label={`Stop job ${job.id}`}>
              <IconPlayerStop size={18} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        )}
        <Tooltip label="Details">
          <ActionIcon
            component={Link}
            to={`/jobs/${job.id}`}
            variant="subtle"
            color="gray"
            size="md"
            aria-label={`Details of job ${job.id}`}
          >
            <IconInfoCircle size={18} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Table.Td>
    </Table.Tr>
  );
}

const None = ({ text }: { text: string }) => <span className={classes.none}>{text}</span>;
