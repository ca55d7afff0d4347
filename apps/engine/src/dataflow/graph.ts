import type { DataflowDocument, Step } from './document.ts';
import { findCycles } from './graph-cycles.ts';

/** One id in a step's `next` or `error` list. */
export interface Arrow {
  from: string;
  to: string;
  path: 'next' | 'error';
  /** Position in that list. */
  index: number;
}

export interface Graph {
  /** In declaration order, success path first. Ids that no step has, and repetitions, are left out. */
  arrows: Arrow[];
  /** Steps that no other step names. */
  entryPoints: string[];
  /** Steps without a success path. */
  endPoints: string[];
  /** Upstream before downstream, ties in declaration order; only steps that are not on a cycle. */
  order: string[];
  /** Each the steps of one knot of cycles, in declaration order. */
  cycles: string[][];
  /** Every step from which records or files can reach this one, in declaration order. */
  upstreamOf(id: string): string[];
  /** Every step this one can reach, in declaration order. */
  downstreamOf(id: string): string[];
}

/** Reads the graph out of a document. Of two steps with the same id the first counts. */
export function graphOf(document: DataflowDocument): Graph {
  const ids = [...new Set(document.steps.map((step) => step.id))];
  const arrows = arrowsOf(document);
  const after = adjacency(ids, arrows, 'from', 'to');
  const before = adjacency(ids, arrows, 'to', 'from');
  const leading = new Set(arrows.filter(({ path }) => path === 'next').map(({ from }) => from));
  const cycles = findCycles(ids, after);
  const onCycle = new Set(cycles.flat());
  return {
    arrows,
    cycles,
    entryPoints: ids.filter((id) => before.get(id)?.size === 0),
    endPoints: ids.filter((id) => !leading.has(id)),
    order: sort(
      ids.filter((id) => !onCycle.has(id)),
      before,
      onCycle,
    ),
    upstreamOf: (id) => reach(ids, id, before),
    downstreamOf: (id) => reach(ids, id, after),
  };
}

/** True when an arrow between these steps would close a circle. */
export const wouldCycle = (document: DataflowDocument, from: string, to: string): boolean =>
  from === to || graphOf(document).downstreamOf(to).includes(from);

type Neighbours = ReadonlyMap<string, ReadonlySet<string>>;

function arrowsOf(document: DataflowDocument): Arrow[] {
  const steps = new Map<string, Step>();
  for (const step of document.steps) if (!steps.has(step.id)) steps.set(step.id, step);
  return [...steps.values()].flatMap((step) =>
    (['next', 'error'] as const).flatMap((path) =>
      (step[path] ?? []).flatMap((to, index, list) =>
        steps.has(to) && list.indexOf(to) === index ? [{ from: step.id, to, path, index }] : [],
      ),
    ),
  );
}

function adjacency(ids: string[], arrows: Arrow[], from: 'from' | 'to', to: 'from' | 'to'): Neighbours {
  const neighbours = new Map<string, Set<string>>(ids.map((id) => [id, new Set<string>()]));
  for (const arrow of arrows) neighbours.get(arrow[from])?.add(arrow[to]);
  return neighbours;
}

function sort(ids: string[], before: Neighbours, left: ReadonlySet<string>): string[] {
  const done = new Set(left);
  const order: string[] = [];
  const waiting = [...ids];
  const isReady = (id: string) => [...(before.get(id) ?? [])].every((other) => done.has(other));
  while (waiting.length > 0) {
    for (const id of waiting.splice(waiting.findIndex(isReady), 1)) {
      done.add(id);
      order.push(id);
    }
  }
  return order;
}

function reach(ids: string[], start: string, neighbours: Neighbours): string[] {
  const seen = new Set<string>();
  const open = [start];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    for (const next of neighbours.get(id) ?? []) {
      if (seen.has(next)) continue;
      seen.add(next);
      open.push(next);
    }
  }
  return ids.filter((id) => seen.has(id));
}
