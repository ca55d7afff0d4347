import { type ConnectionLineComponentProps, getBezierPath } from '@xyflow/react';
import { useConnecting } from '../../document/connecting.ts';
import type { StepNode } from '../../document/drawing/projection.ts';
import classes from './canvas.module.css';

/** The arrow while it is being drawn, in the manner of the path it will be. */
export function ConnectionLine({ fromX, fromY, toX, toY, fromPosition, toPosition, fromHandle }: ConnectionLineComponentProps<StepNode>) {
  const connectorType = useConnecting((connecting) => connecting.connectorType);
  const isError = fromHandle.id === 'error' || connectorType === 'error';
  const [path] = getBezierPath({
    sourceX: fromX,
    sourceY: fromY,
    targetX: toX,
    targetY: toY,
    sourcePosition: fromPosition,
    targetPosition: toPosition,
    curvature: 0.3,
  });
  return <path d={path} className={classes.connection} data-path={isError ? 'error' : 'next'} />;
}
