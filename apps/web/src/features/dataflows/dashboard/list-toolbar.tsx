import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconArrowsSort, IconSearch } from '@tabler/icons-react';
import type { ListState } from './list-flows.ts';
import classes from './list-toolbar.module.css';

interface ListToolbarProps {
  state: ListState;
  counts: Record<string, number>;
  onChange(change: Partial<ListState>): void;
}

const shows = [
  ['all', 'All'],
  ['attention', 'Needs attention'],
  ['running', 'Running'],
  ['healthy', 'Healthy'],
  ['never', 'Never run'],
] as const;

const sorts = [
  { value: 'name asc', label: 'Name, A to Z' },
  { value: 'name desc', label: 'Name, Z to A' },
  { value: 'health asc', label: 'Health, worst first' },
  { value: 'lastRun desc', label: 'Last success, newest first' },
  { value: 'lastRun asc', label: 'Last success, oldest first' },
  { value: 'nextRun asc', label: 'Next run, soonest first' },
];

export function ListToolbar({ state, counts, onChange }: ListToolbarProps) {
  return (
    <div className={classes.toolbar}>
      <TextInput
        type="search"
        aria-label="Search data flows"
        placeholder="Search name, description, steps"
        leftSection={<IconSearch size={16} />}
        value={state.q}
        onChange={(event) => onChange({ q: event.currentTarget.value })}
        className={classes.search}
      />
      <div className={classes.filter}>
        <SegmentedControl
          aria-label="Show"
          value={state.show in counts ? state.show : 'all'}
          onChange={(show) => onChange({ show })}
          data={shows.map(([value, label]) => ({ value, label: `${label} ${counts[value] ?? 0}` }))}
        />
      </div>
      <Select
        aria-label="Sort by"
        data={sorts}
        allowDeselect={false}
        leftSection={<IconArrowsSort size={16} />}
        value={`${state.sort} ${state.order}`}
        onChange={(value) => {
          const [sort = 'name', order = 'asc'] = (value ?? '').split(' ');
          onChange({ sort, order });
        }}
        className={classes.sort}
      />
    </div>
  );
}
