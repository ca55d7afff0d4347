import { ActionIcon, Modal, Tooltip } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconCommand } from '@tabler/icons-react';
import { useState } from 'react';
import { CommandSearch } from './command-search.tsx';

/** Every command by name, from anywhere: Ctrl+K, or the button in the bar. */
export function CommandPalette() {
  const [opened, setOpened] = useState(false);
  useHotkeys([['mod+K', () => setOpened(true)]], [], true);
  return (
    <>
      <Tooltip label="Find a command or a dataflow (Ctrl+K)">
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Commands" onClick={() => setOpened(true)}>
          <IconCommand size={18} stroke={1.75} />
        </ActionIcon>
      </Tooltip>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        withCloseButton={false}
        centered={false}
        yOffset="12vh"
        size={560}
        padding="xs"
        transitionProps={{ duration: 80 }}
        aria-label="Commands"
      >
        <CommandSearch onClose={() => setOpened(false)} />
      </Modal>
    </>
  );
}
