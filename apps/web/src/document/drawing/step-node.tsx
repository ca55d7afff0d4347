import { Handle, type NodeProps, Position, useStore } from '@xyflow/react';
import { memo } from 'react';
import { useConnecting } from '../connecting.ts';
import { isFar } from './detail.ts';
import { handleTop, type StepNode as StepNodeType } from './projection.ts';
import { StepCard } from './step-card.tsx';
import classes from './step-node.module.css';

/** A step card with its handles: input at the left, success and error path at the right. */
export const StepNode = memo(function StepNode({ data, selected, isConnectable }: NodeProps<StepNodeType>) {
  const far = useStore(isFar);
  const refusal = useConnecting((connecting) => connecting.refusals?.[data.id]);
  return (
    <div className={classes.node}>
      {data.takesInput && (
        <Handle
          id="input"
          type="target"
          position={Position.Left}
          className={classes.input}
          style={{ top: handleTop.input }}
          isConnectable={isConnectable && refusal === undefined}
        />
      )}
      <StepCard data={data} far={far} selected={selected} refusal={refusal} />
      {isConnectable && (
        <>
          <Handle
            id="next"
            type="source"
            position={Position.Right}
            className={classes.next}
            style={{ top: handleTop.next }}
            data-ends={!data.givesOutput || undefined}
            title={data.givesOutput ? 'Success path: drag to a step' : 'An end point: nothing goes on from here'}
            aria-label={`Success path of ${data.id}`}
          />
          <Handle
            id="error"
            type="source"
            position={Position.Right}
            className={classes.error}
            style={{ top: handleTop.error }}
            title="Error path: drag to the step that takes failed records"
            aria-label={`Error path of ${data.id}`}
          />
        </>
      )}
      {!isConnectable && (
        <>
          <Handle id="next" type="source" position={Position.Right} className={classes.hidden} style={{ top: handleTop.next }} />
          <Handle id="error" type="source" position={Position.Right} className={classes.hidden} style={{ top: handleTop.error }} />
        </>
      )}
    </div>
  );
});
