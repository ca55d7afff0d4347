import type { CatalogueEntry, Step } from '@idsync/engine/dataflow';
import { ActionIcon, Loader, ScrollArea } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import classes from './help-panel.module.css';

const ComponentHelp = lazy(async () => ({ default: (await import('./component-help.tsx')).ComponentHelp }));

interface HelpPanelProps {
  step: Step;
  entry: CatalogueEntry;
  onClose(): void;
}

/** All about the component of the inspected step, beside its form. Its texts are fetched when it is first opened. */
export function HelpPanel({ step, entry, onClose }: HelpPanelProps) {
  return (
    <aside
      className={classes.panel}
      aria-label={`About ${entry.title}`}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.preventDefault();
        onClose();
      }}
    >
      <header className={classes.header}>
        <h2 className={classes.title}>About {entry.title}</h2>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Close help" onClick={onClose}>
          <IconX size={18} stroke={1.75} />
        </ActionIcon>
      </header>
      <ScrollArea className={classes.scroll} scrollbars="y" scrollbarSize={8} key={entry.type}>
        <Suspense fallback={<Loader className={classes.loader} size="sm" aria-label="Fetching the help" />}>
          <ComponentHelp step={step} entry={entry} />
        </Suspense>
      </ScrollArea>
    </aside>
  );
}
