import { type DataflowDocument, graphOf, type StepMetrics } from '@idsync/engine/dataflow';
import { Badge, Table, Tooltip } from '@mantine/core';
import { useMemo } from 'react';
import { formatCount, formatRate } from '../../../lib/format-number.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { type StepFigures, stepFigures } from './step-figures.ts';
import classes from './step-metrics-table.module.css';

interface StepMetricsTableProps {
  steps: readonly StepMetrics[];
  document: DataflowDocument;
}

/** Duration, input, output and errors of each step, for finding what a long job waited for. */
export function StepMetricsTable({ steps, document }: StepMetricsTableProps) {
  const order = useMemo(() => graphOf(document).order, [document]);
  const figures = useMemo(() => stepFigures(steps, order), [steps, order]);
  if (figures.length === 0)
    return <EmptyState title="No counts yet" text="As soon as the first step works, its records and seconds are counted here." />;
  return (
    <div className={classes.scroll}>
      <Table verticalSpacing="xs" horizontalSpacing="md" className={classes.table}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Step</Table.Th>
            <Table.Th>Duration (sec)</Table.Th>
            <Table.Th className={classes.number}>Input</Table.Th>
            <Table.Th className={classes.number}>Output</Table.Th>
            <Table.Th className={classes.number}>Errors</Table.Th>
            <Table.Th className={classes.number}>Filtered</Table.Th>
            <Table.Th className={classes.number}>Rate</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {figures.map((figure) => (
            <StepRow key={figure.step} figure={figure} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

function StepRow({ figure }: { figure: StepFigures }) {
  const { step, type, durationSec, share, slowest, balanced, input, output, failed, filtered, ratePerSecond } = figure;
  return (
    <Table.Tr data-testid={`step-${step}`}>
      <Table.Td>
        <span className={classes.step}>{step}</span>
        {slowest && (
          <Badge size="sm" variant="light" color="amber" tt="none" ml={8}>
            slowest
          </Badge>
        )}
        {!balanced && (
          <Tooltip label="Input is not what was passed on, failed and filtered together: records may be lost.">
            <Badge size="sm" variant="light" color="red" tt="none" ml={8}>
              unbalanced
            </Badge>
          </Tooltip>
        )}
        <span className={classes.type}>{type}</span>
      </Table.Td>
      <Table.Td className={classes.duration}>
        <span className={classes.time}>
          <span className={classes.seconds}>{durationSec.toFixed(3)}</span>
          <svg width="100%" height="6" aria-hidden="true" className={classes.bar} data-slowest={slowest || undefined}>
            <rect width={`${Math.max(share * 100, 0.5)}%`} height="6" rx="3" />
          </svg>
        </span>
      </Table.Td>
      <Table.Td className={classes.number}>{formatCount(input)}</Table.Td>
      <Table.Td className={classes.number}>{formatCount(output)}</Table.Td>
      <Table.Td className={classes.number} data-bad={failed > 0 || undefined}>
        {formatCount(failed)}
      </Table.Td>
      <Table.Td className={classes.number}>{formatCount(filtered)}</Table.Td>
      <Table.Td className={classes.number}>{ratePerSecond === undefined ? '–' : formatRate(ratePerSecond)}</Table.Td>
    </Table.Tr>
  );
}
