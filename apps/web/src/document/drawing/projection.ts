import {
  type Arrow,
  type ArrowMetrics,
  type DataflowDocument,
  graphOf,
  type Issue,
  type Layout,
  type Step,
  type StepMetrics,
} from '@idsync/engine/dataflow';
import type { Edge, Node, NodeHandle } from '@xyflow/react';
import { Position } from '@xyflow/react';
import { entryOf } from '../catalogue.ts';
import { arrowId, nodeId } from './arrow-id.ts';
import { keyParameter } from './key-parameter.ts';
import { card } from './measures.ts';

export interface StepData extends Record<string, unknown> {
  id: string;
  type: string;
  title: string;
  detail: string | undefined;
  /** False for a component this build does not have. */
  available: boolean;
  takesInput: boolean;
  /** False at an end point that hands nothing on; it can still fail records. */
  givesOutput: boolean;
  /** What is counted: files where true, else records. */
  filesIn: boolean;
  filesOut: boolean;
  errors: number;
  warnings: number;
  metrics: StepMetrics | undefined;
}

export interface ArrowData extends Record<string, unknown> {
  from: string;
  to: string;
  path: 'next' | 'error';
  count: number | undefined;
  /** The count is of files, not of records. */
  files: boolean;
}

export type StepNode = Node<StepData, 'step'>;
export type ArrowEdge = Edge<ArrowData, 'arrow'>;

export interface Drawn {
  document: DataflowDocument;
  layout: Layout;
  issues?: readonly Issue[] | undefined;
  selectedSteps?: readonly string[] | undefined;
  selectedArrows?: readonly string[] | undefined;
  counts?: readonly ArrowMetrics[] | undefined;
  stepMetrics?: readonly StepMetrics[] | undefined;
}

/** Centres of the three handles, in the card's own measure. */
export const handleTop = { input: card.height / 2, next: card.height / 2, error: 66 } as const;

const handleSize = 16;

function handlesOf(data: StepData): NodeHandle[] {
  const handle = (id: string, type: 'source' | 'target', x: number, y: number): NodeHandle => ({
    id,
    type,
    position: type === 'target' ? Position.Left : Position.Right,
    x: x - handleSize / 2,
    y: y - handleSize / 2,
    width: handleSize,
    height: handleSize,
  });
  return [
    ...(data.takesInput ? [handle('input', 'target', 0, handleTop.input)] : []),
    handle('next', 'source', card.width, handleTop.next),
    handle('error', 'source', card.width, handleTop.error),
  ];
}

interface StepFacts {
  issues: readonly Issue[];
  metrics: StepMetrics | undefined;
  /** An arrow leads here, even if it should not. */
  isTarget: boolean;
}

function stepData(step: Step, { issues, metrics, isTarget }: StepFacts): StepData {
  const entry = entryOf(step.type);
  return {
    id: step.id,
    type: step.type,
    title: entry?.title ?? step.type,
    detail: keyParameter(step),
    available: entry !== undefined,
    takesInput: isTarget || (entry ? entry.input !== undefined : !/^datasource\.read\./i.test(step.type.trim())),
    givesOutput: entry ? entry.output !== undefined : true,
    filesIn: entry?.input === 'files',
    filesOut: entry?.output === 'files',
    errors: issues.filter((issue) => issue.severity === 'error').length,
    warnings: issues.filter((issue) => issue.severity === 'warning').length,
    metrics,
  };
}

const sameValues = (a: Record<string, unknown>, b: Record<string, unknown>): boolean =>
  Object.keys(b).every((key) => Object.is(a[key], b[key]));

const reused = <T extends Record<string, unknown>>(before: T | undefined, fresh: T): T =>
  before && sameValues(before, fresh) ? before : fresh;

/** True while only places and selection differ, as when a card is dragged. */
const sameContent = (last: Drawn | undefined, { document, issues, stepMetrics }: Drawn): boolean =>
  last !== undefined && last.document === document && last.issues === issues && last.stepMetrics === stepMetrics;

/**
 * Turns documents into what the canvas draws. Keeps what it drew last, so that an unchanged step or arrow
 * is the very same object again and its card is not drawn anew.
 */
export function createProjection(): (drawn: Drawn) => { nodes: StepNode[]; edges: ArrowEdge[] } {
  let nodes = new Map<string, StepNode>();
  let edges = new Map<string, ArrowEdge>();
  let last: Drawn | undefined;
  let arrows: readonly Arrow[] = [];

  const nodeFor = (step: Step, drawn: Drawn, issues: readonly Issue[]): StepNode => {
    const id = nodeId(step.id);
    const before = nodes.get(id);
    const metrics = drawn.stepMetrics?.find((each) => each.step === step.id);
    const isTarget = () => arrows.some((arrow) => arrow.to === step.id);
    const data =
      before && sameContent(last, drawn) ? before.data : reused(before?.data, stepData(step, { issues, metrics, isTarget: isTarget() }));
    const position = drawn.layout[step.id] ?? { x: 0, y: 0 };
    const selected = drawn.selectedSteps?.includes(step.id) ?? false;
    if (before?.data === data && before.selected === selected && before.position.x === position.x && before.position.y === position.y)
      return before;
    return { id, type: 'step', data, position, selected, ...card, measured: card, handles: handlesOf(data) };
  };

  return (drawn) => {
    const issuesOf = Map.groupBy(drawn.issues ?? [], (issue) => issue.step);
    if (drawn.document !== last?.document) arrows = graphOf(drawn.document).arrows;
    nodes = new Map(drawn.document.steps.map((step) => [nodeId(step.id), nodeFor(step, drawn, issuesOf.get(step.id) ?? [])]));
    edges = new Map(
      arrows.map((arrow) => {
        const { from, to, path } = arrow;
        const id = arrowId(arrow);
        const before = edges.get(id);
        const fresh: ArrowData = {
          from,
          to,
          path,
          count: drawn.counts?.find((c) => c.from === from && c.to === to && c.path === path)?.count,
          files: carriesFiles(nodes.get(nodeId(from))?.data, path),
        };
        const data = reused(before?.data, fresh);
        const selected = drawn.selectedArrows?.includes(id) ?? false;
        if (before && before.data === data && before.selected === selected) return [id, before];
        const ends = { source: nodeId(from), sourceHandle: path, target: nodeId(to), targetHandle: 'input' };
        return [id, { id, type: 'arrow', data, selected, ...ends, ariaLabel: arrowLabel(data) }];
      }),
    );
    last = drawn;
    return { nodes: [...nodes.values()], edges: [...edges.values()] };
  };
}

/** What a step could not take leaves by its error path as it came. */
const carriesFiles = (from: StepData | undefined, path: 'next' | 'error'): boolean =>
  (path === 'error' ? from?.filesIn : from?.filesOut) ?? false;

export const arrowLabel = ({ from, to, path }: Pick<ArrowData, 'from' | 'to' | 'path'>): string =>
  `${path === 'next' ? 'Success' : 'Error'} path from ${from} to ${to}`;
