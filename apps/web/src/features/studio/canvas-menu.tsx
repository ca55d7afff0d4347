import { Menu } from '@mantine/core';
import { Fragment } from 'react';
import { documentStore } from '../../document/store.ts';
import { commandById, isPossible } from './commands.ts';
import { Keys } from './keys.tsx';
import { useStudio } from './studio-context.ts';

const sections = [
  ['parameters', 'rename', 'quick-add'],
  ['cut', 'copy', 'paste', 'duplicate'],
  ['select-all', 'auto-layout', 'fit'],
  ['delete'],
];

/** The commands that fit what is selected, at the pointer. */
export function CanvasMenu({ at, onClose }: { at: { x: number; y: number } | undefined; onClose(): void }) {
  const studio = useStudio();
  if (!at) return null;
  const context = { store: documentStore, studio };
  const shown = sections
    .map((ids) => ids.map(commandById).filter((command) => isPossible(command, context)))
    .filter((section) => section.length > 0);
  return (
    <Menu opened onChange={(open) => !open && onClose()} position="bottom-start" offset={0} width={248} shadow="md">
      <Menu.Target>
        <span style={{ position: 'fixed', left: at.x, top: at.y }} />
      </Menu.Target>
      <Menu.Dropdown>
        {shown.map((section, index) => (
          <Fragment key={section[0]?.id}>
            {index > 0 && <Menu.Divider />}
            {section.map((command) => (
              <Menu.Item
                key={command.id}
                {...(command.id === 'delete' && { color: 'red' })}
                rightSection={command.shortcuts?.[0] && <Keys shortcut={command.shortcuts[0]} />}
                onClick={() => void command.run(context)}
              >
                {command.title}
              </Menu.Item>
            ))}
          </Fragment>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
