import { Button, Popover, SegmentedControl, TextInput, UnstyledButton } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import classes from './job-filters.module.css';
import type { JobFilterState } from './job-list.tsx';

interface JobFiltersProps {
  state: JobFilterState;
  /** What the server says about the query, when it cannot be used. */
  problem: string | undefined;
  onChange(change: Partial<JobFilterState>): void;
}

const statuses = [
  { value: 'all', label: 'All' },
  { value: 'running', label: 'Running' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'failed', label: 'Failed' },
  { value: 'killed', label: 'Stopped' },
];

export function JobFilters({ state, problem, onChange }: JobFiltersProps) {
  const [query, setQuery] = useState(state.query);
  const apply = (event: FormEvent) => {
    event.preventDefault();
    onChange({ query: query.trim() });
  };
  return (
    <div className={classes.filters}>
      <form onSubmit={apply} className={classes.query}>
        <TextInput
          aria-label="Query"
          placeholder="startTime>'2017-5-8'"
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
          error={problem}
          spellCheck={false}
          autoComplete="off"
          classNames={{ input: classes.input ?? '', root: classes.box ?? '' }}
          rightSection={<QueryHelp />}
        />
        <Button type="submit" variant="default">
          Apply
        </Button>
      </form>
      <div className={classes.status}>
        <SegmentedControl aria-label="Status" data={statuses} value={state.status} onChange={(status) => onChange({ status })} />
      </div>
    </div>
  );
}

function QueryHelp() {
  return (
    <Popover width={340} position="bottom-end" withArrow>
      <Popover.Target>
        <UnstyledButton aria-label="How to write a query" className={classes.help}>
          <IconHelpCircle size={18} stroke={1.6} />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className={classes.helpText}>
        <p>
          Compare a field with a value and join comparisons with <code>and</code> and <code>or</code>. Times are UTC.
        </p>
        <p>
          Fields: <code>startTime</code>, <code>endTime</code>, <code>status</code>, <code>processedRecords</code>, <code>id</code>
        </p>
        <pre>{"startTime>'2017-5-8'\nstatus='failed' and startTime>='2026-11-01'\nprocessedRecords>10000"}</pre>
      </Popover.Dropdown>
    </Popover>
  );
}
