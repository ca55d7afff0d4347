import type { CatalogueEntry } from '@idsync/engine/dataflow';
import { CloseButton, ScrollArea, Text, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { type KeyboardEvent, useMemo, useState } from 'react';
import { catalogue } from '../../document/catalogue.ts';
import { addAfterSelected } from './add-after-selected.ts';
import { groupComponents, type PaletteSection } from './group-components.ts';
import classes from './palette.module.css';
import { PaletteGroup } from './palette-group.tsx';
import { searchComponents } from './search-components.ts';

/** Up and down go through the items, as in a list. */
function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return;
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('input, [data-palette-head], [data-palette-item]')];
  const at = items.indexOf(document.activeElement as HTMLElement);
  const next = items[at + (event.key === 'ArrowDown' ? 1 : -1)];
  if (!next) return;
  event.preventDefault();
  next.focus();
}

const oneSection = (found: readonly CatalogueEntry[]): PaletteSection[] => [
  { title: found.length === 1 ? '1 component' : `${found.length} components`, count: found.length, parts: [{ title: '', entries: found }] },
];

/** Every component, to be dragged onto the canvas or added by Enter and double click. */
export function Palette() {
  const [query, setQuery] = useState('');
  const [folded, setFolded] = useLocalStorage<string[]>({ key: 'idsync-palette-folded', defaultValue: [], getInitialValueInEffect: false });
  const isSearch = query.trim() !== '';
  const sections = useMemo(
    () => (isSearch ? oneSection(searchComponents(catalogue, query)) : groupComponents(catalogue)),
    [query, isSearch],
  );
  const first = sections[0]?.parts[0]?.entries[0];
  const toggle = (title: string) => setFolded(folded.includes(title) ? folded.filter((other) => other !== title) : [...folded, title]);

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
            if (event.key === 'Enter' && isSearch && first) addAfterSelected(first.type);
            if (event.key === 'Escape') setQuery('');
          }}
        />
      </div>
      <ScrollArea className={classes.list} scrollbars="y" scrollbarSize={8} type="hover">
        {sections.map((section) => (
          <PaletteGroup
            key={section.title}
            section={section}
            {...(!isSearch && { folded: folded.includes(section.title), onFold: () => toggle(section.title) })}
            onAdd={addAfterSelected}
          />
        ))}
        {sections.every(({ count }) => count === 0) && (
          <Text size="sm" c="dimmed" px="md">
            Nothing is called “{query}”. Try a system, a format, or what should happen: sftp, csv, rename.
          </Text>
        )}
      </ScrollArea>
    </aside>
  );
}
