import { type DataflowDocument, graphOf, type Step } from '@idsync/engine/dataflow';

const textOf = (value: unknown): string[] => (typeof value === 'string' && value.trim() !== '' ? [value.trim()] : []);

function rows(step: Step): Record<string, unknown>[] {
  const fields = step.params?.fields;
  return Array.isArray(fields)
    ? fields.filter((row): row is Record<string, never> => typeof row === 'object' && row !== null && !Array.isArray(row))
    : [];
}

/** Fields a step brings in, and fields it takes away, as far as its parameters tell. */
function changesOf(step: Step): { brings: string[]; takes: string[] } {
  const type = step.type.trim().toLowerCase();
  const select = step.params?.select;
  if (type.startsWith('datasource.read.') && typeof select === 'string')
    return {
      brings: select
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '' && name !== '*'),
      takes: [],
    };
  const targets = rows(step).flatMap((row) => [...textOf(row.targetField), ...textOf(row.field), ...textOf(row.name)]);
  if (type === 'field.rename' || type === 'field.move')
    return { brings: targets, takes: rows(step).flatMap((row) => textOf(row.sourceField)) };
  if (type === 'field.remove') {
    const fields = step.params?.fields;
    return { brings: [], takes: Array.isArray(fields) ? fields.flatMap(textOf) : [] };
  }
  return { brings: type.startsWith('field.') ? targets : [], takes: [] };
}

/** Names of the fields that are known to arrive at a step, gathered from the steps before it, in their order. */
export function fieldsBefore(document: DataflowDocument, id: string): string[] {
  const graph = graphOf(document);
  const upstream = new Set(graph.upstreamOf(id));
  const byId = new Map(document.steps.map((step) => [step.id, step]));
  const known = new Set<string>();
  for (const name of graph.order) {
    const step = byId.get(name);
    if (!step || !upstream.has(name)) continue;
    const { brings, takes } = changesOf(step);
    for (const field of takes) known.delete(field);
    for (const field of brings) known.add(field);
  }
  return [...known];
}
