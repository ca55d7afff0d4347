import { type Arrow, type DataflowDocument, graphOf } from '@idsync/engine/dataflow';
import { type DragEvent, useCallback, useState } from 'react';
import { entryOf } from '../../document/catalogue.ts';
import { whyNotConnect } from '../../document/connect-rules.ts';
import { arrowId } from '../../document/drawing/arrow-id.ts';
import { card } from '../../document/drawing/measures.ts';
import { documentStore } from '../../document/store.ts';
import { addStep } from './add-step.ts';
import { draggedType } from './palette-drag.ts';
import { useStudio } from './studio-context.ts';

const freshId = '\u0000new';

/** True when a step of this type can stand in the middle of the arrow. */
export function canSplice(document: DataflowDocument, arrow: Arrow, type: string): boolean {
  const steps = [...document.steps, { id: freshId, type }];
  const trial = { ...document, steps };
  return (
    whyNotConnect(trial, arrow.from, freshId, arrow.path) === undefined && whyNotConnect(trial, freshId, arrow.to, 'next') === undefined
  );
}

function arrowUnder(event: DragEvent, type: string): Arrow | undefined {
  const id = event.target instanceof Element ? event.target.closest('.react-flow__edge')?.getAttribute('data-id') : undefined;
  if (!id) return undefined;
  const { document } = documentStore.getState().history.state;
  const arrow = graphOf(document).arrows.find((candidate) => arrowId(candidate) === id);
  return arrow && canSplice(document, arrow, type) ? arrow : undefined;
}

/** Components dragged from the palette: dropped on an arrow they are set into it, else they stand where they fall. */
export function usePaletteDrop() {
  const { canvas } = useStudio();
  const [splice, setSplice] = useState<string>();

  const onDragOver = useCallback((event: DragEvent) => {
    const type = draggedType(event.dataTransfer);
    if (!type) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'copy';
    const arrow = arrowUnder(event, type);
    setSplice(arrow && arrowId(arrow));
  }, []);

  const onDragLeave = useCallback(() => setSplice(undefined), []);

  const onDrop = useCallback(
    (event: DragEvent) => {
      const dragged = draggedType(event.dataTransfer);
      if (!dragged || !canvas) return;
      event.preventDefault();
      setSplice(undefined);
      const point = canvas.screenToFlowPosition({ x: event.clientX, y: event.clientY });
      const place = { x: point.x - card.width / 2, y: point.y - card.height / 2 };
      addStep(documentStore, { type: entryOf(dragged)?.type ?? dragged, place, into: arrowUnder(event, dragged) });
    },
    [canvas],
  );

  return { splice, onDragOver, onDragLeave, onDrop };
}
