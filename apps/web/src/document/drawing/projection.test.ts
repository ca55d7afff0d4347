import type { DataflowDocument, Layout } from '@idsync/engine/dataflow';
import { expect, test } from 'vitest';
import { nodeId, stepOfNode } from './arrow-id.ts';
import { createProjection } from './projection.ts';

const document: DataflowDocument = {
  steps: [
    { id: 'read "all"?', type: 'datasource.read.gigya.account', next: ['script', 'script', 'gone'], error: ['script'] },
    { id: 'script', type: 'record.evaluate', next: [] },
    { id: 'new', type: 'datasource.write.tomorrow' },
  ],
};
const layout: Layout = { 'read "all"?': { x: 0, y: 0 }, script: { x: 320, y: 0 }, new: { x: 640, y: 0 } };

test('steps become nodes at their places and arrows become edges of their path', () => {
  const { nodes, edges } = createProjection()({ document, layout });
  expect(nodes.map((node) => [stepOfNode(node.id), node.position.x])).toEqual([
    ['read "all"?', 0],
    ['script', 320],
    ['new', 640],
  ]);
  expect(edges.map((edge) => [edge.sourceHandle, edge.data?.to])).toEqual([
    ['next', 'script'],
    ['error', 'script'],
  ]);
});

test('ids of nodes hold no signs that a selector would trip over', () => {
  for (const id of ['a"b', "it's", 'a > b', 'ä ö', '']) {
    expect(nodeId(id)).not.toMatch(/["\s>]/);
    expect(stepOfNode(nodeId(id))).toBe(id);
  }
});

test('a component that is not available is drawn as such, a reader takes no input', () => {
  const { nodes } = createProjection()({ document, layout });
  expect(nodes.map((node) => [node.data.available, node.data.takesInput])).toEqual([
    [true, false],
    [true, true],
    [false, true],
  ]);
});

test('only what changed is a new object', () => {
  const project = createProjection();
  const before = project({ document, layout, selectedSteps: [] });
  const after = project({ document: { ...document }, layout: { ...layout, script: { x: 336, y: 0 } }, selectedSteps: ['new'] });
  expect(after.nodes.map((node, index) => node === before.nodes[index])).toEqual([true, false, false]);
  expect(after.edges).toEqual(before.edges);
  expect(after.edges.every((edge, index) => edge === before.edges[index])).toBe(true);
});

test('problems and counts reach the cards and arrows they belong to', () => {
  const { nodes, edges } = createProjection()({
    document,
    layout,
    issues: [
      { severity: 'error', code: 'missing-parameter', step: 'script', message: 'm', remedy: 'r' },
      { severity: 'warning', code: 'lost-output', step: 'script', message: 'm', remedy: 'r' },
    ],
    counts: [{ from: 'read "all"?', to: 'script', path: 'error', count: 12 }],
  });
  expect(nodes[1]?.data).toMatchObject({ errors: 1, warnings: 1 });
  expect(edges.map((edge) => edge.data?.count)).toEqual([undefined, 12]);
});
