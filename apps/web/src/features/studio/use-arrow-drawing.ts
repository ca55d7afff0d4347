import { notifications } from '@mantine/notifications';
import type { Connection, Edge, FinalConnectionState, IsValidConnection, OnConnectStart } from '@xyflow/react';
import { useCallback } from 'react';
import { type ArrowPath, refusedTargets, whyNotConnect } from '../../document/connect-rules.ts';
import { useConnecting } from '../../document/connecting.ts';
import { stepOfNode } from '../../document/drawing/arrow-id.ts';
import { card, snap } from '../../document/drawing/measures.ts';
import type { ArrowEdge } from '../../document/drawing/projection.ts';
import { documentStore } from '../../document/store.ts';
import { useStudio } from './studio-context.ts';

const pathOf = (handle: string | null | undefined): ArrowPath => (handle === 'error' ? 'error' : useConnecting.getState().connectorType);
const currentDocument = () => documentStore.getState().history.state.document;

interface Ends {
  from: string;
  to: string;
  path: ArrowPath;
}

const endsOf = (connection: Connection | Edge): Ends => ({
  from: stepOfNode(connection.source),
  to: stepOfNode(connection.target),
  path: pathOf(connection.sourceHandle),
});

function connect(ends: Ends): void {
  const reason = whyNotConnect(currentDocument(), ends.from, ends.to, ends.path);
  if (reason) notifications.show({ title: 'No arrow drawn', message: reason, color: 'amber' });
  else documentStore.getState().push({ type: 'connect', ...ends }, { title: ends.path === 'error' ? 'Draw error path' : 'Draw arrow' });
}

const pointOf = (event: MouseEvent | TouchEvent) =>
  'changedTouches' in event ? (event.changedTouches[0] ?? { clientX: 0, clientY: 0 }) : event;

/** The step whose card lies under a point of the window. */
function stepAt({ clientX, clientY }: { clientX: number; clientY: number }): string | undefined {
  const id = document.elementFromPoint(clientX, clientY)?.closest('.react-flow__node')?.getAttribute('data-id');
  return id ? stepOfNode(id) : undefined;
}

/** Drawing and moving arrows: what cannot be reached is dimmed with its reason, an arrow dropped on nothing asks for a step. */
export function useArrowDrawing() {
  const { canvas, setQuickAdd } = useStudio();

  const onConnectStart: OnConnectStart = useCallback((_event, { nodeId, handleId, handleType }) => {
    if (!nodeId || handleType !== 'source') return;
    useConnecting.setState({ refusals: refusedTargets(currentDocument(), stepOfNode(nodeId), pathOf(handleId)) });
  }, []);

  const onConnectEnd = useCallback(
    (event: MouseEvent | TouchEvent, state: FinalConnectionState) => {
      useConnecting.setState({ refusals: undefined });
      if (state.isValid || !state.fromNode || state.fromHandle?.type !== 'source') return;
      const from = stepOfNode(state.fromNode.id);
      const path = pathOf(state.fromHandle.id);
      const point = pointOf(event);
      const to = stepAt(point);
      if (to !== undefined) return to === from ? undefined : connect({ from, to, path });
      if (!document.elementFromPoint(point.clientX, point.clientY)?.closest('.react-flow__pane')) return;
      const place = canvas?.screenToFlowPosition({ x: point.clientX, y: point.clientY }) ?? { x: 0, y: 0 };
      setQuickAdd({
        at: { x: point.clientX, y: point.clientY },
        place: { x: snap(place.x), y: snap(place.y - card.height / 2) },
        after: { step: from, path },
      });
    },
    [canvas, setQuickAdd],
  );

  const onConnect = useCallback((connection: Connection) => connect(endsOf(connection)), []);

  const isValidConnection: IsValidConnection<ArrowEdge> = useCallback((connection) => {
    const { from, to, path } = endsOf(connection);
    return whyNotConnect(currentDocument(), from, to, path) === undefined;
  }, []);

  const onReconnect = useCallback((edge: ArrowEdge, connection: Connection) => {
    if (!edge.data) return;
    const { from, to, path } = edge.data;
    const target = {
      from: stepOfNode(connection.source),
      to: stepOfNode(connection.target),
      path: connection.sourceHandle === 'error' ? 'error' : 'next',
    } as const;
    if (target.from === from && target.to === to && target.path === path) return;
    documentStore.getState().push({ type: 'reconnect', arrow: { from, to, path }, to: target }, { title: 'Move arrow' });
  }, []);

  return { onConnectStart, onConnectEnd, onConnect, isValidConnection, onReconnect };
}
