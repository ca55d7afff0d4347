import { ActionIcon, Tooltip } from '@mantine/core';
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconChevronLeft,
  IconDeviceFloppy,
  IconFlask,
  IconHistory,
  IconPlayerPlay,
} from '@tabler/icons-react';
import { Link } from 'react-router';
import { isDirty, useDocument } from '../../document/store.ts';
import { RefusableButton } from '../../ui/refusable-button.tsx';
import { CommandButton } from './command-button.tsx';
import { FlowDetails } from './flow-details.tsx';
import classes from './studio-bar.module.css';
import { useStudio } from './studio-context.ts';
import { ViewSwitch } from './view-switch.tsx';

/** The studio's own bar: what flow this is, how it is seen, and what can be done with it. */
export function StudioBar() {
  return (
    <header className={classes.bar}>
      <Tooltip label="Back to dataflows">
        <ActionIcon component={Link} to="/" variant="subtle" color="gray" size="lg" aria-label="Back to dataflows">
          <IconChevronLeft size={18} stroke={1.75} />
        </ActionIcon>
      </Tooltip>
      <FlowDetails />
      <ViewSwitch />
      <Acts />
    </header>
  );
}

function Acts() {
  const { save, run, saving, refusals } = useStudio();
  const id = useDocument((open) => open.id);
  const dirty = useDocument(isDirty);
  return (
    <div className={classes.acts}>
      <CommandButton id="undo" icon={IconArrowBackUp} />
      <CommandButton id="redo" icon={IconArrowForwardUp} />
      <Tooltip label="Job history of this flow">
        <ActionIcon component={Link} to={`/dataflows/${id}/jobs`} variant="subtle" color="gray" size="lg" aria-label="Status">
          <IconHistory size={18} stroke={1.75} />
        </ActionIcon>
      </Tooltip>
      <span className={classes.rule} />
      <RefusableButton
        variant="default"
        leftSection={<IconFlask size={16} stroke={1.75} />}
        hint="Runs once on 10 records. The time of the last run stays where it is."
        refusal={refusals.runTest}
        disabled={saving}
        onClick={() => void run({ test: true })}
      >
        Run test
      </RefusableButton>
      <RefusableButton
        variant="default"
        leftSection={<IconPlayerPlay size={16} stroke={1.75} />}
        hint="Runs once on everything that is due."
        refusal={refusals.run}
        disabled={saving}
        onClick={() => void run({ test: false })}
      >
        Run
      </RefusableButton>
      <RefusableButton
        leftSection={<IconDeviceFloppy size={16} stroke={1.75} />}
        refusal={refusals.edit}
        loading={saving}
        disabled={!dirty}
        onClick={() => void save()}
      >
        Save
      </RefusableButton>
    </div>
  );
}
