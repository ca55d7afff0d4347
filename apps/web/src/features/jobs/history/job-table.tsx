import { Skeleton, Table } from '@mantine/core';
import type { JobRow } from '../../../lib/api.ts';
import { isActive } from '../../../lib/job-outcome.ts';
import { useNow } from '../../../ui/use-now.ts';
import classes from './job-list.module.css';
import { JobTableRow } from './job-table-row.tsx';

interface JobTableProps {
  /** Undefined while they are being fetched. */
  jobs: JobRow[] | undefined;
  ofOneFlow: boolean;
  onStop(job: JobRow): void;
}

export function JobTable({ jobs, ofOneFlow, onStop }: JobTableProps) {
  const now = useNow(jobs?.some((job) => isActive(job.status)) ? 1_000 : undefined);
  return (
    <Table className={classes.table} verticalSpacing="xs" horizontalSpacing="sm" aria-busy={!jobs}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Status</Table.Th>
          {!ofOneFlow && <Table.Th>Data flow</Table.Th>}
          <Table.Th>Job ID</Table.Th>
          <Table.Th>Start time, UTC</Table.Th>
          <Table.Th className={classes.spare}>End time, UTC</Table.Th>
          <Table.Th className={classes.number}>Duration</Table.Th>
          <Table.Th className={classes.number}>Processed</Table.Th>
          <Table.Th className={classes.number}>Failed</Table.Th>
          <Table.Th className={classes.number}>Total</Table.Th>
          <Table.Th className={classes.spare}>By</Table.Th>
          <Table.Th className={classes.actions}>Actions</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {jobs ? (
          jobs.map((job) => <JobTableRow key={job.id} job={job} nowMs={now} ofOneFlow={ofOneFlow} onStop={onStop} />)
        ) : (
          <SkeletonRows columns={ofOneFlow ? 10 : 11} />
        )}
      </Table.Tbody>
    </Table>
  );
}

function SkeletonRows({ columns }: { columns: number }) {
  return ['first', 'second', 'third', 'fourth'].map((row) => (
    <Table.Tr key={row}>
      <Table.Td colSpan={columns}>
        <Skeleton height={18} />
      </Table.Td>
    </Table.Tr>
  ));
}
