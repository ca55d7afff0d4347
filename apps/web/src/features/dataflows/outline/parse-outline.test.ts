import { describe, expect, it } from 'vitest';
import { type OutlineChain, parseOutline } from './parse-outline.ts';

/** Steps by id alone. */
const ids = ({ steps, branches }: OutlineChain): unknown => ({
  steps: steps.map((step) => step.id),
  branches: branches.map(({ path, chain }) => ({ path, chain: ids(chain) })),
});
const shape = (text: string) => parseOutline(text).map(ids);

const plain = (...steps: string[]) => ({ steps, branches: [] });

describe('reading an outline', () => {
  it('gives the steps in order', () => {
    expect(shape('account > rename > dsv > gzip > sftp')).toEqual([plain('account', 'rename', 'dsv', 'gzip', 'sftp')]);
  });
  it('gives branches where the flow splits, and says which is the error path', () => {
    expect(shape('read > (clean > write, error: report > sftp)')).toEqual([
      {
        steps: ['read'],
        branches: [
          { path: 'next', chain: plain('clean', 'write') },
          { path: 'error', chain: plain('report', 'sftp') },
        ],
      },
    ]);
  });
  it('follows branches inside branches', () => {
    const next = (chain: unknown) => ({ path: 'next', chain });
    const inner = { steps: ['b'], branches: [next(plain('c')), next(plain('d'))] };
    expect(shape('a > (b > (c, d), e)')).toEqual([{ steps: ['a'], branches: [next(inner), next(plain('e'))] }]);
  });
  it('keeps several entry points apart', () => {
    expect(shape('a > c; b > c')).toEqual([plain('a', 'c'), plain('b', 'c')]);
  });
  it('keeps ids with dots, spaces and colons whole', () => {
    expect(shape('record.evaluate > my step: two')).toEqual([plain('record.evaluate', 'my step: two')]);
  });
  it('tells two mentions of one step apart', () => {
    const [chain] = parseOutline('a > b > a');
    expect(new Set(chain?.steps.map((step) => step.at)).size).toBe(3);
  });
  it.each(['', ')', '(((', 'a > (', '> , ;'])('ends on broken text %j', (text) => {
    expect(Array.isArray(parseOutline(text))).toBe(true);
  });
});
