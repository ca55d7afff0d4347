import { type DataflowDocument, type Flow, graphOf } from '@idsync/engine/dataflow';
import { entryOf } from './catalogue.ts';

export type ArrowPath = 'next' | 'error';

/** What leaves a step by a path: the error path carries what came in, records where a parser reads files. */
function flowOut(type: string, path: ArrowPath): Flow | 'nothing' | undefined {
  const entry = entryOf(type);
  if (!entry) return undefined;
  if (path === 'next') return entry.output ?? 'nothing';
  if (entry.kind === 'parser') return 'records';
  return entry.input;
}

/** Why no arrow may go from one step to the other, in one short sentence; undefined when it may. */
export function whyNotConnect(document: DataflowDocument, from: string, to: string, path: ArrowPath): string | undefined {
  return judge(document, { from, path }, new Set(graphOf(document).upstreamOf(from)))(to);
}

/** For every other step that cannot be reached from `from` by `path`: why. */
export function refusedTargets(document: DataflowDocument, from: string, path: ArrowPath): Record<string, string> {
  const why = judge(document, { from, path }, new Set(graphOf(document).upstreamOf(from)));
  const reasons = document.steps.filter(({ id }) => id !== from).map(({ id }) => [id, why(id)] as const);
  return Object.fromEntries(reasons.filter((reason): reason is readonly [string, string] => reason[1] !== undefined));
}

function judge(document: DataflowDocument, { from, path }: { from: string; path: ArrowPath }, upstream: ReadonlySet<string>) {
  const source = document.steps.find((step) => step.id === from);
  const leaves = source && flowOut(source.type, path);
  return (to: string): string | undefined => {
    const target = document.steps.find((step) => step.id === to);
    if (!source || !target) return 'That step is gone.';
    if (from === to) return 'A step cannot lead to itself.';
    if (source[path]?.includes(to)) return 'They are already joined by this path.';
    const entry = entryOf(target.type);
    if (entry && !entry.input) return 'A reader starts a flow and takes no input.';
    if (leaves === 'nothing') return `${from} is an end point: nothing goes on from it.`;
    if (leaves && entry?.input && leaves !== entry.input) return `It takes ${entry.input}, and ${leaves} would arrive.`;
    return upstream.has(to) ? 'This would close a loop.' : undefined;
  };
}
