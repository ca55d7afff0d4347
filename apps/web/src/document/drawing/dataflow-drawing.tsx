import type { ArrowMetrics, DataflowDocument, Issue, StepMetrics } from '@idsync/engine/dataflow';
import { Background, BackgroundVariant, ReactFlow, ReactFlowProvider } from '@xyflow/react';
import { useMemo, useState } from 'react';
import { ArrowEdge, ArrowHeads } from './arrow-edge.tsx';
import { autoLayout } from './auto-layout.ts';
import './canvas.css';
import { countedColumn, gap, grid } from './measures.ts';
import { createProjection } from './projection.ts';
import { StepNode } from './step-node.tsx';

export const nodeTypes = { step: StepNode };
export const edgeTypes = { arrow: ArrowEdge };

interface DataflowDrawingProps {
  document: DataflowDocument;
  /** What passed along each arrow so far. */
  counts?: readonly ArrowMetrics[] | undefined;
  stepMetrics?: readonly StepMetrics[] | undefined;
  issues?: readonly Issue[] | undefined;
}

/** A dataflow to look at: pan and zoom, nothing to change. Fills its parent, which must have a height. */
export function DataflowDrawing({ document, counts, stepMetrics, issues }: DataflowDrawingProps) {
  const [project] = useState(createProjection);
  const isCounted = counts !== undefined;
  const layout = useMemo(() => autoLayout(document, isCounted ? countedColumn : gap.column), [document, isCounted]);
  const { nodes, edges } = useMemo(
    () => project({ document, layout, counts, stepMetrics, issues }),
    [project, document, layout, counts, stepMetrics, issues],
  );
  return (
    <ReactFlowProvider>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        fitView
        fitViewOptions={{ padding: { x: '24px', top: '24px', bottom: '48px' }, maxZoom: 1 }}
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        elementsSelectable={false}
        edgesFocusable={false}
        nodesFocusable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        aria-label="Drawing of the dataflow"
      >
        <ArrowHeads />
        <Background variant={BackgroundVariant.Dots} gap={grid} size={1} />
      </ReactFlow>
    </ReactFlowProvider>
  );
}
