import { Button, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { DataflowRow } from '../../../lib/api.ts';
import { countOf } from '../../../lib/format-number.ts';
import { ConfirmDialog } from '../../../ui/confirm-dialog.tsx';
import type { FlowActions } from '../use-flow-actions.ts';

interface RemoveFlowDialogProps {
  flow: DataflowRow | undefined;
  actions: FlowActions;
  onClose(): void;
}

/** Names what goes with a flow and what stays, and offers a copy first. */
export function RemoveFlowDialog({ flow, actions: { remove, exportFlow }, onClose }: RemoveFlowDialogProps) {
  return (
    <ConfirmDialog
      opened={flow !== undefined}
      title={`Delete “${flow?.name ?? ''}”?`}
      confirm="Delete data flow"
      busy={remove.isPending}
      onClose={onClose}
      onConfirm={() => flow && remove.mutate({ id: flow.id }, { onSettled: onClose })}
      extra={
        <Button variant="subtle" color="gray" mr="auto" leftSection={<IconDownload size={16} />} onClick={() => flow && exportFlow(flow)}>
          Export first
        </Button>
      }
    >
      <Text>
        {flow?.version === 1 ? 'The flow is lost' : `The flow and its ${countOf(flow?.version ?? 0, 'saved version')} are lost`}, with the
        passwords and keys stored in it and the time of its last successful run.
      </Text>
      <Text mt="xs" c="dimmed">
        Its jobs stay in the job history, and files and records it delivered stay where they are.
      </Text>
    </ConfirmDialog>
  );
}
