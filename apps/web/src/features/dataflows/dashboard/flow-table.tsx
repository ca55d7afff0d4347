import { Skeleton, Table } from '@mantine/core';
import { useState } from 'react';
import type { DataflowRow } from '../../../lib/api.ts';
import { Surface } from '../../../ui/surface.tsx';
import { useFlowActions } from '../use-flow-actions.ts';
import { FlowRow } from './flow-row.tsx';
import classes from './flow-table.module.css';
import type { ListedFlow } from './list-flows.ts';
import { RemoveFlowDialog } from './remove-flow-dialog.tsx';

/** The flows of a site; undefined while they are being fetched. */
export function FlowTable({ flows }: { flows: ListedFlow[] | undefined }) {
  const actions = useFlowActions();
  const [leaving, setLeaving] = useState<DataflowRow>();
  return (
    <Surface label="Data flows">
      <Table className={classes.table} verticalSpacing="sm" horizontalSpacing="md" aria-busy={!flows}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Data flow</Table.Th>
            <Table.Th>Health</Table.Th>
            <Table.Th>Last successful run, UTC</Table.Th>
            <Table.Th>Scheduled next run</Table.Th>
            <Table.Th>Last 20 runs</Table.Th>
            <Table.Th className={classes.actions}>Actions</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {flows ? flows.map((item) => <FlowRow key={item.flow.id} {...item} actions={actions} onRemove={setLeaving} />) : <SkeletonRows />}
        </Table.Tbody>
      </Table>
      {flows?.length === 0 && <p className={classes.nothing}>No data flow fits the search and filter.</p>}
      <RemoveFlowDialog flow={leaving} actions={actions} onClose={() => setLeaving(undefined)} />
    </Surface>
  );
}

function SkeletonRows() {
  return [220, 180, 250].map((width) => (
    <Table.Tr key={width}>
      <Table.Td>
        <Skeleton width={width} height={14} mb={8} />
        <Skeleton width={width + 60} height={12} />
      </Table.Td>
      {[90, 140, 100, 118, 130].map((cell) => (
        <Table.Td key={cell}>
          <Skeleton width={cell} height={14} />
        </Table.Td>
      ))}
    </Table.Tr>
  ));
}
