import type { CatalogueEntry } from '@idsync/engine/dataflow';
import { useEffect, useRef } from 'react';
import { ComponentIcon } from '../../document/drawing/component-icon.tsx';
import classes from './palette.module.css';

interface PaletteOptionProps {
  entry: CatalogueEntry;
  active: boolean;
  onChoose(): void;
}

/** A component in the quick-add list; the keyboard stays in the search box, which points here. */
export function PaletteOption({ entry, active, onChoose }: PaletteOptionProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) element.current?.scrollIntoView({ block: 'nearest' });
  }, [active]);
  return (
    <div
      ref={element}
      id={`quick-add-${entry.type}`}
      role="option"
      tabIndex={-1}
      aria-selected={active}
      data-active={active || undefined}
      className={classes.item}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onChoose}
      onKeyDown={(event) => event.key === 'Enter' && onChoose()}
    >
      <ComponentIcon type={entry.type} size="md" />
      <span className={classes.words}>
        <span className={classes.title}>{entry.title}</span>
        <span className={classes.summary}>{entry.summary}</span>
      </span>
    </div>
  );
}
