import { Button, Select, Switch, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload, IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { downloadTrace } from './download-trace.ts';
import type { Level, TraceFilter } from './trace-lines.ts';
import classes from './trace-panel.module.css';

interface TraceToolbarProps {
  filter: TraceFilter;
  jobId: string;
  /** Undefined when the job has ended and nothing more comes. */
  follow: boolean | undefined;
  onLevel(level: Level): void;
  onSearch(text: string): void;
  onFollow(follow: boolean): void;
}

const levelNames: { value: Level; label: string }[] = [
  { value: 'DEBUG', label: 'All levels' },
  { value: 'INFO', label: 'Info and graver' },
  { value: 'WARN', label: 'Warnings and errors' },
  { value: 'ERROR', label: 'Errors only' },
];

export function TraceToolbar({ filter, jobId, follow, onLevel, onSearch, onFollow }: TraceToolbarProps) {
  const [busy, setBusy] = useState(false);
  const download = () => {
    setBusy(true);
    downloadTrace(jobId, { ...filter, search: filter.search.trim() })
      .catch((error: Error) => notifications.show({ title: 'The log was not downloaded', message: error.message, color: 'red' }))
      .finally(() => setBusy(false));
  };
  return (
    <div className={classes.toolbar}>
      <Select
        aria-label="Level"
        size="xs"
        w={176}
        data={levelNames}
        value={filter.level}
        allowDeselect={false}
        onChange={(level) => level && onLevel(level)}
      />
      <TextInput
        aria-label="Search the trace"
        placeholder="Search step, message, data"
        size="xs"
        className={classes.search}
        leftSection={<IconSearch size={14} />}
        value={filter.search}
        onChange={(event) => onSearch(event.currentTarget.value)}
      />
      {follow !== undefined && (
        <Switch size="xs" label="Follow" checked={follow} onChange={(event) => onFollow(event.currentTarget.checked)} />
      )}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconDownload size={14} />}
        onClick={download}
        loading={busy}
        className={classes.download}
      >
        Download
      </Button>
    </div>
  );
}
