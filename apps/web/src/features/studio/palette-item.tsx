import type { CatalogueEntry } from '@idsync/engine/dataflow';
import { memo } from 'react';
import { ComponentIcon } from '../../document/drawing/component-icon.tsx';
import classes from './palette.module.css';
import { startPaletteDrag } from './palette-drag.ts';

interface PaletteItemProps {
  entry: CatalogueEntry;
  onAdd(): void;
}

/** One component: what it is called, and what it does in one line. */
export const PaletteItem = memo(function PaletteItem({ entry, onAdd }: PaletteItemProps) {
  return (
    <button
      type="button"
      className={classes.item}
      data-palette-item
      data-testid={`palette-${entry.type}`}
      draggable
      title={`${entry.type}\n${entry.summary}`}
      onDragStart={(event) => startPaletteDrag(event.dataTransfer, entry.type)}
      onDoubleClick={onAdd}
      // Keyboards and screen readers click without a pointer, fingers cannot drag; with a mouse a single click would be too easy a slip.
      onClick={(event) => (event.detail === 0 || (event.nativeEvent as PointerEvent).pointerType === 'touch') && onAdd()}
    >
      <ComponentIcon type={entry.type} size="md" />
      <span className={classes.words}>
        <span className={classes.title}>{entry.title}</span>
        <span className={classes.summary}>{entry.summary}</span>
      </span>
    </button>
  );
});
