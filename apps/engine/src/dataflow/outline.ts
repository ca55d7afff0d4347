import type { DataflowDocument } from './document.ts';
import { type Arrow, graphOf } from './graph.ts';

/**
 * A flow in one line, by step ids: `account > rename > dsv > gzip > sftp`. Branches stand in parentheses, an error branch is marked:
 * `read > (clean > write, error: report)`. A step that several reach is followed up once.
 */
export function outlineOf(document: DataflowDocument): string {
  const graph = graphOf(document);
  const after = Map.groupBy(graph.arrows, (arrow) => arrow.from);
  const seen = new Set<string>();
  const from = (id: string): string => {
    if (seen.has(id)) return id;
    seen.add(id);
    const arrows = after.get(id) ?? [];
    const [first] = arrows;
    if (!first) return id;
    if (arrows.length === 1 && first.path === 'next') return `${id} > ${from(first.to)}`;
    const branch = (arrow: Arrow) => (arrow.path === 'error' ? `error: ${from(arrow.to)}` : from(arrow.to));
    return `${id} > (${arrows.map(branch).join(', ')})`;
  };
  return graph.entryPoints.map(from).join('; ');
}
