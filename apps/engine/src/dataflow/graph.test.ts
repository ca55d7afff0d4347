import { describe, expect, it } from 'vitest';
import type { DataflowDocument } from './document.ts';
import { graphOf, wouldCycle } from './graph.ts';
import { outlineOf } from './outline.ts';

/** `a > b c ! d` is a step a with next b, c and error d. */
const flow = (...lines: string[]): DataflowDocument => ({
  steps: lines.map((line) => {
    const [, id = '', next, error] = /^(\S+)(?: >((?: \w+)*))?(?: !((?: \w+)*))?$/.exec(line) ?? [];
    const list = (ids: string | undefined) => ids?.trim().split(' ').filter(Boolean);
    return {
      id,
      type: 'x',
      ...(next !== undefined && { next: list(next) ?? [] }),
      ...(error !== undefined && { error: list(error) ?? [] }),
    };
  }),
});

describe('the graph of a dataflow', () => {
  it('knows entry points, end points and arrows of splits and joins', () => {
    const graph = graphOf(flow('write', 'read > left right', 'left > write ! report', 'right > write', 'report'));
    expect(graph.entryPoints).toEqual(['read']);
    expect(graph.endPoints).toEqual(['write', 'report']);
    expect(graph.arrows).toEqual([
      { from: 'read', to: 'left', path: 'next', index: 0 },
      { from: 'read', to: 'right', path: 'next', index: 1 },
      { from: 'left', to: 'write', path: 'next', index: 0 },
      { from: 'left', to: 'report', path: 'error', index: 0 },
      { from: 'right', to: 'write', path: 'next', index: 0 },
    ]);
  });

  it('takes a step that only an error path reaches as no entry point', () => {
    expect(graphOf(flow('read > write', 'write ! report', 'report')).entryPoints).toEqual(['read']);
  });

  it('orders upstream before downstream, and otherwise as declared', () => {
    expect(graphOf(flow('d', 'b > d', 'c > d', 'a > b c')).order).toEqual(['a', 'b', 'c', 'd']);
    expect(graphOf(flow('b', 'a > b', 'c')).order).toEqual(['a', 'b', 'c']);
  });

  it('finds circles and leaves only their steps out of the order', () => {
    const graph = graphOf(flow('read > a', 'a > b', 'b > a after', 'after', 'self > self', 'alone'));
    expect(graph.cycles.map((cycle) => cycle.toSorted()).toSorted()).toEqual([['a', 'b'], ['self']]);
    expect(graph.order).toEqual(['read', 'after', 'alone']);
  });

  it('leaves out arrows to steps that do not exist and arrows drawn twice', () => {
    expect(graphOf(flow('a > b b nobody', 'b')).arrows).toEqual([{ from: 'a', to: 'b', path: 'next', index: 0 }]);
  });

  it('finds everything upstream and downstream of a step', () => {
    const graph = graphOf(flow('a > b', 'b > c ! d', 'c', 'd', 'x > c'));
    expect(graph.upstreamOf('c')).toEqual(['a', 'b', 'x']);
    expect(graph.downstreamOf('a')).toEqual(['b', 'c', 'd']);
    expect(graph.downstreamOf('nobody')).toEqual([]);
  });

  it('takes ids that objects inherit, and a chain of ten thousand steps', () => {
    expect(graphOf(flow('__proto__ > constructor', 'constructor')).order).toEqual(['__proto__', 'constructor']);
    const chain = flow(...Array.from({ length: 10_000 }, (_, i) => (i === 9999 ? `s${i}` : `s${i} > s${i + 1}`)));
    expect(graphOf(chain).order).toHaveLength(10_000);
  });

  it('says which arrows would close a circle', () => {
    const document = flow('a > b', 'b > c', 'c', 'd');
    expect(wouldCycle(document, 'c', 'a')).toBe(true);
    expect(wouldCycle(document, 'a', 'a')).toBe(true);
    expect(wouldCycle(document, 'a', 'c')).toBe(false);
    expect(wouldCycle(document, 'd', 'a')).toBe(false);
  });
});

describe('the outline of a dataflow', () => {
  it.each([
    [['account > rename', 'rename > dsv', 'dsv > sftp', 'sftp'], 'account > rename > dsv > sftp'],
    [['read > left right', 'left > write', 'right > write', 'write'], 'read > (left > write, right > write)'],
    [['read > write', 'write ! report', 'report'], 'read > write > (error: report)'],
    [['a > b', 'b', 'c > d', 'd'], 'a > b; c > d'],
    [[], ''],
  ])('%j', (lines, outline) => {
    expect(outlineOf(flow(...lines))).toBe(outline);
  });
});
