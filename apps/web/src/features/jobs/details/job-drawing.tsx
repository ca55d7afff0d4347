import { Skeleton } from '@mantine/core';
import { lazy, Suspense, useMemo } from 'react';
import type { JobDetails } from '../../../lib/api.ts';
import { Surface } from '../../../ui/surface.tsx';
import { drawingSize } from './drawing-size.ts';

const DataflowDrawing = lazy(async () => ({ default: (await import('../../../document/drawing/dataflow-drawing.tsx')).DataflowDrawing }));

type JobDrawingProps = Pick<JobDetails, 'document' | 'snapshot'>;

/** The flow as it was when it ran, with what passed along each arrow so far. */
export function JobDrawing({ document, snapshot }: JobDrawingProps) {
  const size = useMemo(() => drawingSize(document), [document]);
  return (
    <Surface label="Flow with record counts">
      <div style={size}>
        <Suspense fallback={<Skeleton height="100%" />}>
          <DataflowDrawing document={document} counts={snapshot.arrows} stepMetrics={snapshot.steps} />
        </Suspense>
      </div>
    </Surface>
  );
}
