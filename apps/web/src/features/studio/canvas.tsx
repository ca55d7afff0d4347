import { Background, BackgroundVariant, MiniMap, ReactFlow, SelectionMode } from '@xyflow/react';
import { useEffect, useMemo, useState } from 'react';
import { ArrowHeads } from '../../document/drawing/arrow-edge.tsx';
import { stepOfNode } from '../../document/drawing/arrow-id.ts';
import '../../document/drawing/canvas.css';
import { colourOf } from '../../document/drawing/component-look.ts';
import { edgeTypes, nodeTypes } from '../../document/drawing/dataflow-drawing.tsx';
import { grid } from '../../document/drawing/measures.ts';
import { createProjection, type StepNode } from '../../document/drawing/projection.ts';
import { useDocument } from '../../document/store.ts';
import classes from './canvas.module.css';
import { CanvasMenu } from './canvas-menu.tsx';
import { CanvasToolbar } from './canvas-toolbar.tsx';
import { ConnectionLine } from './connection-line.tsx';
import { ConnectorSwitch } from './connector-switch.tsx';
import { EmptyCanvas } from './empty-canvas.tsx';
import { showBeginning } from './show-beginning.ts';
import { useStudio } from './studio-context.ts';
import { useArrowDrawing } from './use-arrow-drawing.ts';
import { useCanvasChanges } from './use-canvas-changes.ts';
import { usePaletteDrop } from './use-palette-drop.ts';
import { useRevealInspected } from './use-reveal-inspected.ts';

const minimapSize = { width: 176, height: 112 };
const minimapColour = (node: StepNode) => colourOf(node.data.type);

/** The flow as cards and arrows, to be arranged, joined and changed. */
export function Canvas() {
  const { setCanvas, fullScreen } = useStudio();
  const [project] = useState(createProjection);
  const { document, layout } = useDocument((open) => open.history.state);
  const issues = useDocument((open) => open.issues);
  const selection = useDocument((open) => open.selection);
  const inspect = useDocument((open) => open.inspect);
  const { moved, selectOnly, ...changes } = useCanvasChanges();
  const arrows = useArrowDrawing();
  const { splice, ...drop } = usePaletteDrop();
  const [menu, setMenu] = useState<{ x: number; y: number }>();

  const { nodes, edges } = useMemo(
    () =>
      project({
        document,
        layout: moved ? { ...layout, ...moved } : layout,
        issues,
        selectedSteps: selection.steps,
        selectedArrows: selection.arrows,
      }),
    [project, document, layout, moved, issues, selection],
  );
  const shownEdges = useMemo(
    () => (splice ? edges.map((edge) => (edge.id === splice ? { ...edge, className: 'ids-splice' } : edge)) : edges),
    [edges, splice],
  );
  useRevealInspected();
  useEffect(() => () => setCanvas(undefined), [setCanvas]);

  const openMenu = (event: MouseEvent | React.MouseEvent) => {
    event.preventDefault();
    setMenu({ x: event.clientX, y: event.clientY });
  };

  return (
    <section className={classes.canvas} aria-label="Canvas" data-testid="canvas" data-full-screen={fullScreen || undefined}>
      <ReactFlow
        nodes={nodes}
        edges={shownEdges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        {...changes}
        {...arrows}
        {...drop}
        onInit={(canvas) => {
          setCanvas(canvas);
          void showBeginning(canvas);
        }}
        onNodeDoubleClick={(_event, node) => inspect(stepOfNode(node.id))}
        onNodeContextMenu={(event, node) => {
          if (!selection.steps.includes(stepOfNode(node.id))) selectOnly(stepOfNode(node.id));
          openMenu(event);
        }}
        onPaneContextMenu={openMenu}
        onSelectionContextMenu={openMenu}
        connectionLineComponent={ConnectionLine}
        connectionRadius={32}
        snapToGrid
        snapGrid={[grid, grid]}
        selectionMode={SelectionMode.Partial}
        deleteKeyCode={null}
        zoomOnDoubleClick={false}
        minZoom={0.1}
        maxZoom={2}
      >
        <ArrowHeads />
        <Background variant={BackgroundVariant.Dots} gap={grid} size={1} />
        {nodes.length > 8 && (
          <MiniMap<StepNode>
            style={minimapSize}
            pannable
            zoomable
            nodeColor={minimapColour}
            nodeBorderRadius={24}
            ariaLabel="Overview of the flow"
          />
        )}
      </ReactFlow>
      {nodes.length === 0 && <EmptyCanvas />}
      <ConnectorSwitch />
      <CanvasToolbar />
      <CanvasMenu at={menu} onClose={() => setMenu(undefined)} />
    </section>
  );
}
