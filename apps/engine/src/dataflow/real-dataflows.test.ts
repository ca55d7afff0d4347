import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  checkDocument,
  type DataflowDocument,
  defineBatchTransformer,
  formatDocument,
  graphOf,
  lookupOf,
  lookupOfComponents,
  MASK,
  mapSecrets,
  maskSecrets,
  outlineOf,
  parseDocument,
} from './index.ts';

// Dataflows of others, published under a licence; our own of the same shape as those that are not; and, where a folder is named, any.
const folders = ['real', 'shaped'].map((name) => path.join(import.meta.dirname, 'fixtures', name));
if (process.env.IDSYNC_REAL_DATAFLOWS) folders.push(process.env.IDSYNC_REAL_DATAFLOWS);
const flows = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => ({ file: path.join(path.basename(folder), file), text: readFileSync(path.join(folder, file), 'utf8') })),
);
const nothing = lookupOf([]);

function read(text: string): DataflowDocument {
  const { document } = parseDocument(text);
  if (!document) throw new Error('This is no dataflow.');
  return document;
}

describe.each(flows)('$file', ({ text }) => {
  it('imports without an issue', () => {
    expect(parseDocument(text).issues).toEqual([]);
  });

  it('exports what came in, with the order of its keys', () => {
    const exported = formatDocument(read(text));
    expect(JSON.parse(exported)).toEqual(JSON.parse(text));
    expect(JSON.stringify(JSON.parse(exported))).toBe(JSON.stringify(JSON.parse(text)));
  });

  it('has a graph that can be drawn: every step in order, every arrow between two of them', () => {
    const document = read(text);
    const graph = graphOf(document);
    const named = document.steps.flatMap((step) => [...(step.next ?? []), ...(step.error ?? [])]);
    expect(graph.cycles).toEqual([]);
    expect(graph.order.toSorted()).toEqual(document.steps.map(({ id }) => id).toSorted());
    expect(graph.arrows).toHaveLength(named.length);
    expect(graph.entryPoints.length).toBeGreaterThan(0);
    for (const { from, to } of graph.arrows) expect(graph.order.indexOf(from)).toBeLessThan(graph.order.indexOf(to));
    for (const { id } of document.steps) expect(outlineOf(document)).toContain(id);
  });

  it('tells components that are not built as errors of their steps, and nothing else', () => {
    const document = read(text);
    const issues = checkDocument(document, nothing);
    expect(issues.map(({ code, severity, step }) => ({ code, severity, step }))).toEqual(
      document.steps.map(({ id }) => ({ code: 'unknown-component', severity: 'error', step: id })),
    );
  });

  it('shows no secret, and keeps everything else', () => {
    const document = read(text);
    const masked = maskSecrets(document, nothing);
    for (const step of masked.steps) {
      for (const [name, value] of Object.entries(step.params ?? {})) {
        if (/password|secret|accountKey/i.test(name) && value !== '') expect(value).toBe(MASK);
      }
    }
    expect(mapSecrets(document, nothing, (value) => value)).toEqual(document);
  });
});

describe('a script that was cut off', () => {
  const script = z.string().meta({ title: 'Script', base64: true, language: 'javascript' });
  const evaluate = defineBatchTransformer({
    type: 'record.evaluate',
    title: 'Script',
    summary: 'Runs a script.',
    params: z.object({ script, notifyLastRecord: z.boolean().default(false) }),
    examples: [],
    transform: (batches) => batches,
  });

  it('is an error of its step, and the other steps stay usable', () => {
    const cut = flows.find(({ file }) => file.endsWith('remove-people.json'));
    const issues = checkDocument(read(cut?.text ?? ''), lookupOfComponents([evaluate])).filter(({ code }) => code !== 'unknown-component');
    expect(issues).toEqual([
      expect.objectContaining({ code: 'invalid-base64', step: 'May it go?', field: 'params.script', severity: 'error' }),
    ]);
  });
});
