import { CloseButton, ScrollArea, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { catalogue } from '../../document/catalogue.ts';
import { documentStore } from '../../document/store.ts';
import { addStep } from './add-step.ts';
import classes from './palette.module.css';
import { PaletteItem } from './palette-item.tsx';
import { groupComponents, searchComponents } from './search-components.ts';

/** Adds after the one selected step, or at the end of the flow. */
export function addAfterSelected(type: string): void {
  const { selection, history } = documentStore.getState();
  const [only, ...others] = selection.steps;
  const known = history.state.document.steps.some((step) => step.id === only);
  addStep(documentStore, { type, after: known && only !== undefined && others.length === 0 ? { step: only, path: 'next' } : undefined });
}

/** Up and down go through the items, as in a list. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('input, [data-palette-item]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = items[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

/** Every component, to be dragged onto the canvas or added by Enter and double click. */
export function Palette() {
  const [query, setQuery] = useState('');
  const groups = useMemo(() => {
    const found = searchComponents(catalogue, query);
    return query.trim() === ''
      ? groupComponents(found)
      : [{ title: found.length === 1 ? '1 component' : `${found.length} components`, entries: found }];
  }, [query]);
  const first = groups[0]?.entries[0];

  return (
    <aside className={classes.palette} aria-label="Components" onKeyDown={moveFocus}>
      <div className={classes.search}>
        <TextInput
          aria-label="Search component"
          placeholder="Search component"
          leftSection={<IconSearch size={16} stroke={1.75} />}
          rightSection={query !== '' && <CloseButton size="sm" aria-label="Clear search" onClick={() => setQuery('')} />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          onKeyDown={(event) => {
            if (event.key === 'Enter' && query.trim() !== '' && first) addAfterSelected(first.type);
            if (event.key === 'Escape') setQuery('');
          }}
        />
      </div>
      <ScrollArea className={classes.list} scrollbars="y" scrollbarSize={8} type="hover">
        {groups.map((group) => (
          <section key={group.title} className={classes.group} aria-label={group.title}>
            <h3 className={classes.groupTitle}>{group.title}</h3>
            {group.entries.map((entry) => (
              <PaletteItem key={entry.type} entry={entry} onAdd={() => addAfterSelected(entry.type)} />
            ))}
          </section>
        ))}
        {groups.every((group) => group.entries.length === 0) && (
          <Text size="sm" c="dimmed" px="md">
            Nothing is called “{query}”. Try a system, a format, or what should happen: sftp, csv, rename.
          </Text>
        )}
      </ScrollArea>
    </aside>
  );
}
