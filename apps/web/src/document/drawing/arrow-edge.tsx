import { BaseEdge, EdgeLabelRenderer, type EdgeProps, getBezierPath, useStore } from '@xyflow/react';
import { memo } from 'react';
import classes from './arrow-edge.module.css';
import { counted, isFar } from './detail.ts';
import type { ArrowEdge as Arrow, ArrowData } from './projection.ts';

function labelOf({ path, count, files }: ArrowData): string {
  const parts = [path === 'error' ? 'error' : undefined, count === undefined ? undefined : counted(count, files)];
  return parts.filter((part) => part !== undefined).join(' · ');
}

/** A success arrow is a solid line; an error arrow is dashed, warm and says so, so that colour is never the only sign. */
export const ArrowEdge = memo(function ArrowEdge(props: EdgeProps<Arrow>) {
  const { id, data, selected, sourceX, sourceY, targetX, targetY, sourcePosition, targetPosition } = props;
  const far = useStore(isFar);
  const isError = data?.path === 'error';
  const [path, labelX, labelY] = getBezierPath({
    sourceX,
    sourceY,
    targetX: targetX - 4,
    targetY,
    sourcePosition,
    targetPosition,
    curvature: 0.3,
  });
  // On a level arrow the label stands above the line, which would be too short to show behind it.
  const isLevel = Math.abs(sourceY - targetY) < 16;
  const label = data ? labelOf(data) : '';
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={24}
        markerEnd={`url(#ids-arrow-${selected ? 'selected' : isError ? 'error' : 'next'})`}
        className={classes.line}
        data-path={data?.path}
        data-selected={selected || undefined}
      />
      {label !== '' && (
        <EdgeLabelRenderer>
          <span
            className={classes.label}
            data-path={data?.path}
            data-far={far || undefined}
            style={{ transform: `translate(-50%, ${isLevel ? '-112%' : '-50%'}) translate(${labelX}px, ${labelY}px)` }}
            aria-hidden
          >
            {label}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
});

/** The arrow heads, once per drawing. */
export function ArrowHeads() {
  return (
    <svg className={classes.heads} aria-hidden>
      <title>Arrow heads</title>
      <defs>
        {(['next', 'error', 'selected'] as const).map((tone) => (
          <marker key={tone} id={`ids-arrow-${tone}`} viewBox="0 0 10 10" refX="8" refY="5" markerWidth="7" markerHeight="7" orient="auto">
            <path d="M1 1 9 5 1 9z" className={classes.head} data-tone={tone} />
          </marker>
        ))}
      </defs>
    </svg>
  );
}
