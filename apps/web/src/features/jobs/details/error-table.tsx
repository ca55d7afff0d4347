import type { ErrorGroup, JobStatus } from '@idsync/engine/dataflow';
import { Code, Table } from '@mantine/core';
import { formatCount } from '../../../lib/format-number.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { errorHint } from './error-hint.ts';
import classes from './error-table.module.css';
import { type ErrorKind, groupErrors } from './group-errors.ts';

interface ErrorTableProps {
  errors: readonly ErrorGroup[];
  failedRecords: number;
  status: JobStatus;
}

/** Why there are no errors of single records, which does not mean that all is well. */
const nothing: Record<JobStatus, string> = {
  pending: 'The job has not started.',
  running: 'No record has failed so far.',
  succeeded: 'Every record that was read went through.',
  failed: 'No single record failed: the job as a whole did, for the reason at the top of this page and in the trace.',
  killed: 'No record had failed when the job was stopped.',
};

/** Errors of one kind as one line with samples, the most frequent first. */
export function ErrorTable({ errors, failedRecords, status }: ErrorTableProps) {
  if (errors.length === 0) {
    const text = failedRecords > 0 ? 'Records failed, but their reasons were not kept.' : nothing[status];
    return <EmptyState title="No record errors" text={text} />;
  }
  return (
    <div className={classes.scroll}>
      <Table verticalSpacing="xs" horizontalSpacing="md" className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Step</Table.Th>
            <Table.Th>Error code</Table.Th>
            <Table.Th>Error message</Table.Th>
            <Table.Th className={classes.number}>Count</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {groupErrors(errors).map((kind) => (
            <ErrorRow key={`${kind.step} ${kind.code} ${kind.message}`} kind={kind} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function ErrorRow({ kind: { step, code, message, count, samples } }: { kind: ErrorKind }) {
  return (
    <Table.Tr>
      <Table.Td className={classes.step}>{step}</Table.Td>
      <Table.Td>
        <Code>{code}</Code>
      </Table.Td>
      <Table.Td className={classes.message}>
        {message}
        {samples.length > 0 && (
          <ul className={classes.samples} aria-label="Samples">
            {samples.map((sample) => (
              <li key={sample}>{sample}</li>
            ))}
          </ul>
        )}
        <span className={classes.hint}>{errorHint(code)}</span>
      </Table.Td>
      <Table.Td className={classes.number}>{formatCount(count)}</Table.Td>
    </Table.Tr>
  );
}
