import { Popover, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { catalogue, entryOf } from '../../document/catalogue.ts';
import { whyNotConnect } from '../../document/connect-rules.ts';
import { documentStore } from '../../document/store.ts';
import { addStep } from './add-step.ts';
import classes from './palette.module.css';
import { PaletteOption } from './palette-option.tsx';
import { searchComponents } from './search-components.ts';
import { type QuickAdd as Request, useStudio } from './studio-context.ts';

const trialId = '\u0000new';

/** The components that can follow, best for the query first. */
function offers({ after }: Request, query: string) {
  const { document } = documentStore.getState().history.state;
  const fits = catalogue.filter(({ type }) => {
    if (!after) return document.steps.length > 0 || entryOf(type)?.input === undefined;
    return whyNotConnect({ ...document, steps: [...document.steps, { id: trialId, type }] }, after.step, trialId, after.path) === undefined;
  });
  return searchComponents(fits, query);
}

/** A small palette at the pointer, holding only what fits there. */
export function QuickAdd() {
  const { quickAdd, setQuickAdd } = useStudio();
  if (!quickAdd) return null;
  return <QuickAddPanel request={quickAdd} onClose={() => setQuickAdd(undefined)} />;
}

function QuickAddPanel({ request, onClose }: { request: Request; onClose(): void }) {
  const [query, setQuery] = useState('');
  const [active, setActive] = useState(0);
  const found = useMemo(() => offers(request, query), [request, query]);
  const chosen = found[Math.min(active, found.length - 1)];
  const add = (type: string) => {
    addStep(documentStore, { type, place: request.place, after: request.after });
    onClose();
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setActive((at) => Math.max(0, Math.min(found.length - 1, at + (event.key === 'ArrowDown' ? 1 : -1))));
    }
    if (event.key === 'Enter' && chosen) {
      event.preventDefault();
      add(chosen.type);
    }
  };
  return (
    <Popover
      opened
      onChange={(open) => !open && onClose()}
      position="right-start"
      offset={8}
      width={320}
      shadow="lg"
      radius="lg"
      trapFocus
      returnFocus
      closeOnEscape
    >
      <Popover.Target>
        <span style={{ position: 'fixed', left: request.at.x, top: request.at.y }} />
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label="Add a step" data-testid="quick-add">
        <TextInput
          data-autofocus
          role="combobox"
          aria-expanded
          aria-controls="quick-add-list"
          aria-activedescendant={chosen && `quick-add-${chosen.type}`}
          aria-label="Add a step"
          placeholder={request.after ? `What comes after ${request.after.step}?` : 'What should the flow begin with?'}
          leftSection={<IconSearch size={16} stroke={1.75} />}
          value={query}
          onChange={(event) => {
            setQuery(event.currentTarget.value);
            setActive(0);
          }}
          onKeyDown={onKeyDown}
          mb="xs"
        />
        <div className={classes.options}>
          <div id="quick-add-list" role="listbox" aria-label="Components that fit here">
            {found.map((entry) => (
              <PaletteOption key={entry.type} entry={entry} active={entry === chosen} onChoose={() => add(entry.type)} />
            ))}
          </div>
          {found.length === 0 && (
            <Text size="sm" c="dimmed" p="xs">
              No component that fits here is called “{query}”.
            </Text>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
