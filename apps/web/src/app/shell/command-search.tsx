import { Kbd, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { OfferedCommand } from '../../lib/offered-commands.ts';
import { searchCommands } from '../../lib/search-commands.ts';
import classes from './command-palette.module.css';
import { usePaletteCommands } from './use-palette-commands.ts';

const optionId = (command: OfferedCommand) => `command-${command.id.replace(/[^\w-]/g, '-')}`;

/** A search box and its list; the keyboard stays in the box. */
export function CommandSearch({ onClose }: { onClose(): void }) {
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const commands = usePaletteCommands();
  const found = useMemo(() => searchCommands(commands, query), [commands, query]);
  const chosen = found[Math.min(active, found.length - 1)];
  const choose = (command: OfferedCommand) => {
    onClose();
    // After the dialog gave the keyboard back to the page, where commands such as copy look for it.
    requestAnimationFrame(() => void command.run());
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setActive((at) => Math.max(0, Math.min(found.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1))));
    }
    if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      choose(chosen);
    }
  };
  return (
    <>
      <TextInput
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="command-list"
        aria-activedescendant={chosen && optionId(chosen)}
        aria-label="Find a command or a dataflow"
        placeholder="Find a command or a dataflow"
        leftSection={<IconSearch size={16} stroke={1.75} />}
        value={query}
        onChange={(event) => {
          setQuery(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="command-list" role="listbox" aria-label="Commands" className={classes.list}>
        {found.map((command) => (
          <Option key={command.id} command={command} active={command === chosen} onChoose={() => choose(command)} />
        ))}
      </div>
      {found.length === 0 && (
        <Text size="sm" c="dimmed" p="xs">
          Nothing is called “{query}”.
        </Text>
      )}
    </>
  );
}

function Option({ command, active, onChoose }: { command: OfferedCommand; active: boolean; onChoose(): void }) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div
      ref={element}
      id={optionId(command)}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      data-active={active || undefined}
      className={classes.option}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      onKeyDown={(event) => event.key === 'Enter' && onChoose()}
    >
      <span className={classes.title}>{command.title}</span>
      <span className={classes.group}>{command.group}</span>
      <span className={classes.keys}>
        {command.keys?.map((key) => (
          <Kbd key={key} size="xs">
            {key}
          </Kbd>
        ))}
      </span>
    </div>
  );
}
