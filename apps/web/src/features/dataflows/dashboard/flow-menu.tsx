import { ActionIcon, Group, Menu, Tooltip } from '@mantine/core';
import {
  type Icon,
  IconCopy,
  IconDots,
  IconDownload,
  IconFlask,
  IconHistory,
  IconPencil,
  IconPlayerPlay,
  IconPlayerTrackNext,
  IconTrash,
} from '@tabler/icons-react';
import { Link } from 'react-router';
import type { DataflowRow } from '../../../lib/api.ts';
import { useRefusal } from '../../../lib/permission.ts';
import type { FlowActions } from '../use-flow-actions.ts';
import classes from './flow-table.module.css';

interface FlowMenuProps {
  flow: DataflowRow;
  actions: FlowActions;
  onRemove(): void;
}

/** The actions of one flow: the frequent ones as buttons, the others in a menu. */
export function FlowMenu({ flow, actions, onRemove }: FlowMenuProps) {
  const { run, duplicate, exportFlow } = actions;
  const [editing, testing, running] = [useRefusal('edit'), useRefusal('runTest'), useRefusal('run')];
  const isDraft = flow.status === 'draft' ? 'A draft cannot run: open it and mend its problems' : undefined;
  const cannotRun = running ?? isDraft;
  const busy = run.isPending && run.variables.dataflowId === flow.id;
  const start = (test: boolean) => run.mutate({ dataflowId: flow.id, test });
  return (
    <Group gap={2} wrap="nowrap" justify="flex-end">
      <Tooltip label={editing === undefined ? 'Edit in the studio' : 'Open in the studio'}>
        <ActionIcon component={Link} to={`/dataflows/${flow.id}`} variant="subtle" color="gray" size="lg" aria-label={`Edit ${flow.name}`}>
          <IconPencil size={18} stroke={1.6} />
        </ActionIcon>
      </Tooltip>
      <RunButton
        label="Run test"
        hint="10 records, now"
        name={flow.name}
        blocked={testing ?? isDraft}
        busy={busy && run.variables.test === true}
        icon={IconFlask}
        onRun={() => start(true)}
      />
      <RunButton
        label="Run"
        hint="all changed records, now"
        name={flow.name}
        blocked={cannotRun}
        busy={busy && run.variables.test !== true}
        icon={IconPlayerPlay}
        onRun={() => start(false)}
      />
      <Menu position="bottom-end" width={200}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`More actions for ${flow.name}`}>
            <IconDots size={18} stroke={1.6} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item component={Link} to={`/dataflows/${flow.id}/jobs`} leftSection={<IconHistory size={16} />}>
            Status and history
          </Menu.Item>
          <Menu.Item
            leftSection={<IconPlayerTrackNext size={16} />}
            disabled={cannotRun !== undefined}
            onClick={() => run.mutate({ dataflowId: flow.id, fullExtract: true })}
          >
            Run, pull all records
          </Menu.Item>
          <Menu.Item
            leftSection={<IconCopy size={16} />}
            disabled={editing !== undefined}
            onClick={() => duplicate.mutate({ id: flow.id })}
          >
            Duplicate
          </Menu.Item>
          <Menu.Item leftSection={<IconDownload size={16} />} onClick={() => exportFlow(flow)}>
            Export JSON
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item color="red" disabled={editing !== undefined} leftSection={<IconTrash size={16} />} onClick={onRemove}>
            Delete…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

interface RunButtonProps {
  label: string;
  hint: string;
  name: string;
  blocked: string | undefined;
  busy: boolean;
  icon: Icon;
  onRun(): void;
}

function RunButton({ label, hint, name, blocked, busy, icon: Mark, onRun }: RunButtonProps) {
  return (
    <Tooltip label={blocked ?? `${label}: ${hint}`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={`${label} ${name}`}
        aria-disabled={blocked !== undefined}
        {...(blocked && { className: classes.blocked ?? '' })}
        loading={busy}
        onClick={() => !blocked && onRun()}
      >
        <Mark size={18} stroke={1.6} />
      </ActionIcon>
    </Tooltip>
  );
}
