import { ActionIcon, Tooltip } from '@mantine/core';
import type { Icon } from '@tabler/icons-react';
import { documentStore, useDocument } from '../../document/store.ts';
import classes from './command-button.module.css';
import { commandById, isPossible } from './commands.ts';
import { Keys } from './keys.tsx';
import { useStudio } from './studio-context.ts';

/** A command as an icon button; its name and keys come from the command itself. */
export function CommandButton({ id, icon: Icon }: { id: string; icon: Icon }) {
  const studio = useStudio();
  useDocument((open) => open.history);
  useDocument((open) => open.selection);
  const command = commandById(id);
  const context = { store: documentStore, studio };
  const [shortcut] = command.shortcuts ?? [];
  return (
    <Tooltip
      label={
        <span>
          {command.title} {shortcut && <Keys shortcut={shortcut} />}
        </span>
      }
    >
      <ActionIcon
        className={classes.button}
        variant="subtle"
        color="gray"
        size="lg"
        aria-label={command.title}
        disabled={!isPossible(command, context)}
        onClick={() => void command.run(context)}
      >
        <Icon size={18} stroke={1.75} />
      </ActionIcon>
    </Tooltip>
  );
}
