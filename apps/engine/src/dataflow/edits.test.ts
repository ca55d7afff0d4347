import { describe, expect, it } from 'vitest';
import type { Step } from './document.ts';
import { freeId } from './edit-steps.ts';
import { applyEdit, type Edit } from './edits.ts';
import { ConfigError } from './errors.ts';
import { graphOf } from './graph.ts';
import type { DataflowState } from './state.ts';

const step = (id: string, rest: Partial<Step> = {}): Step => ({ id, type: 'field.rename', ...rest });
const state = (...steps: Step[]): DataflowState => freeze({ document: { siteId: 7, name: 'Flow', steps }, layout: { a: { x: 1, y: 2 } } });
const chain = () => state(step('a', { next: ['b'], note: 'kept' }), step('b', { params: { x: 1 }, next: ['c'], error: ['c'] }), step('c'));
const edit = (before: DataflowState, change: Edit) => applyEdit(before, change).state;
const brief = ({ document }: DataflowState) =>
  document.steps.map(({ id, next, error }) => `${id}${next ? ` > ${next.join(' ')}` : ''}${error ? ` ! ${error.join(' ')}` : ''}`);

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const inner of Object.values(value)) freeze(inner);
  }
  return value;
}

describe('editing a dataflow', () => {
  it('adds steps, gives taken ids a free name and follows it inside the edit', () => {
    const added = edit(chain(), {
      type: 'add-steps',
      steps: [step('a', { next: ['b'], error: ['nobody'] }), step('b')],
      arrows: [{ from: 'c', to: 'a', path: 'next' }],
      positions: { a: { x: 5, y: 5 } },
    });
    expect(brief(added)).toEqual(['a > b', 'b > c ! c', 'c > a 2', 'a 2 > b 2 ! ', 'b 2']);
    expect(added.layout).toEqual({ a: { x: 1, y: 2 }, 'a 2': { x: 5, y: 5 } });
  });

  it('finds free ids', () => {
    expect(freeId(new Set(['a', 'a 2']), 'a')).toBe('a 3');
    expect(freeId(new Set(['a', 'a 2']), 'a 2')).toBe('a 3');
    expect(freeId(new Set(), 'new')).toBe('new');
    expect(freeId(new Set(), '')).toBe('step 2');
  });

  it('removes steps with the arrows to them and their places', () => {
    const removed = edit(chain(), { type: 'remove-steps', ids: ['a', 'c'] });
    expect(brief(removed)).toEqual(['b >  ! ']);
    expect(removed.layout).toEqual({});
  });

  it('renames a step everywhere', () => {
    const renamed = edit(edit(chain(), { type: 'rename-step', from: 'c', to: 'The end?' }), { type: 'rename-step', from: 'a', to: 'z' });
    expect(brief(renamed)).toEqual(['z > b', 'b > The end? ! The end?', 'The end?']);
    expect(renamed.layout).toEqual({ z: { x: 1, y: 2 } });
    expect(Object.keys(renamed.document.steps[0] ?? {})).toEqual(['id', 'type', 'next', 'note']);
  });

  it('sets params where they stand, or before the arrows', () => {
    const set = edit(edit(chain(), { type: 'set-params', id: 'a', params: { y: 2 } }), { type: 'set-params', id: 'b', params: {} });
    expect(set.document.steps.map((each) => JSON.stringify(each))).toEqual([
      '{"id":"a","type":"field.rename","params":{"y":2},"next":["b"],"note":"kept"}',
      '{"id":"b","type":"field.rename","params":{},"next":["c"],"error":["c"]}',
      '{"id":"c","type":"field.rename"}',
    ]);
  });

  it('draws, removes and moves arrows', () => {
    const drawn = edit(chain(), { type: 'connect', from: 'a', to: 'c', path: 'error' });
    expect(brief(drawn)[0]).toBe('a > b ! c');
    expect(brief(edit(drawn, { type: 'disconnect', from: 'a', to: 'c', path: 'error' }))[0]).toBe('a > b ! ');
    const arrow = { from: 'a', to: 'b', path: 'next' } as const;
    expect(brief(edit(chain(), { type: 'reconnect', arrow, to: { ...arrow, to: 'c' } }))[0]).toBe('a > c');
    expect(brief(edit(chain(), { type: 'reconnect', arrow, to: { ...arrow, path: 'error' } }))[0]).toBe('a >  ! b');
    expect(brief(edit(chain(), { type: 'reconnect', arrow, to: { from: 'c', to: 'a', path: 'next' } }))).toEqual([
      'a > ',
      'b > c ! c',
      'c > a',
    ]);
  });

  it('puts a step into an arrow without changing the order of the list', () => {
    const before = state(step('a', { next: ['b', 'c'] }), step('b'), step('c'));
    const arrow = { from: 'a', to: 'b', path: 'next' } as const;
    const spliced = edit(before, { type: 'splice', step: step('a'), arrow, position: { x: 3, y: 4 } });
    expect(brief(spliced)).toEqual(['a > a 2 c', 'b', 'c', 'a 2 > b']);
    expect(spliced.layout['a 2']).toEqual({ x: 3, y: 4 });
  });

  it('sets name and description, keeping keys where they are', () => {
    const { document } = edit(chain(), { type: 'set-details', name: 'New', description: 'What it does' });
    expect(Object.keys(document)).toEqual(['siteId', 'name', 'description', 'steps']);
    expect(document).toMatchObject({ siteId: 7, name: 'New', description: 'What it does' });
  });

  it('moves steps, replaces everything, and does several edits as one', () => {
    expect(edit(chain(), { type: 'move-steps', positions: { b: { x: 9, y: 9 } } }).layout).toEqual({
      a: { x: 1, y: 2 },
      b: { x: 9, y: 9 },
    });
    const other = state(step('z'));
    expect(edit(chain(), { type: 'replace', state: other })).toBe(other);
    const all: Edit = {
      type: 'all',
      edits: [
        { type: 'rename-step', from: 'a', to: 'x' },
        { type: 'remove-steps', ids: ['b'] },
      ],
    };
    expect(brief(edit(chain(), all))).toEqual(['x > ', 'c']);
  });

  it('leaves what it does not touch the same objects', () => {
    const before = chain();
    const after = edit(before, { type: 'set-params', id: 'c', params: { n: 1 } });
    expect(after.document.steps[0]).toBe(before.document.steps[0]);
    expect(after.layout).toBe(before.layout);
  });

  it.each<[string, Edit]>([
    ['a circle', { type: 'connect', from: 'c', to: 'a', path: 'error' }],
    ['an arrow to itself', { type: 'connect', from: 'a', to: 'a', path: 'next' }],
    ['an arrow that is there', { type: 'connect', from: 'a', to: 'b', path: 'next' }],
    ['an arrow to nobody', { type: 'connect', from: 'a', to: 'x', path: 'next' }],
    ['removing an arrow that is not there', { type: 'disconnect', from: 'a', to: 'b', path: 'error' }],
    [
      'moving an arrow into a circle',
      { type: 'reconnect', arrow: { from: 'b', to: 'c', path: 'next' }, to: { from: 'b', to: 'a', path: 'next' } },
    ],
    ['removing nobody', { type: 'remove-steps', ids: ['x'] }],
    ['renaming nobody', { type: 'rename-step', from: 'x', to: 'y' }],
    ['a name that is taken', { type: 'rename-step', from: 'a', to: 'b' }],
    ['an empty name', { type: 'rename-step', from: 'a', to: ' ' }],
    ['params of nobody', { type: 'set-params', id: 'x', params: {} }],
    ['moving nobody', { type: 'move-steps', positions: { x: { x: 0, y: 0 } } }],
    ['a splice into no arrow', { type: 'splice', step: step('n'), arrow: { from: 'a', to: 'c', path: 'next' } }],
    [
      'a series that fails at its end',
      {
        type: 'all',
        edits: [
          { type: 'remove-steps', ids: ['a'] },
          { type: 'remove-steps', ids: ['a'] },
        ],
      },
    ],
  ])('refuses %s', (_what, change) => {
    expect(() => applyEdit(chain(), change)).toThrow(ConfigError);
  });
});

describe('undo', () => {
  it.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
    'brings back every state of a random series of edits, and redo too (seed %i)',
    (seed) => {
      const random = randomOf(seed);
      let now = chain();
      const past: { text: string; inverse: Edit }[] = [];
      for (let i = 0; i < 60; i++) {
        const text = JSON.stringify(now);
        try {
          const applied = applyEdit(now, randomEdit(now, random));
          past.push({ text, inverse: applied.inverse });
          now = freeze(applied.state);
          expect(graphOf(now.document).cycles).toEqual([]);
        } catch (error) {
          expect(error).toBeInstanceOf(ConfigError);
          expect(JSON.stringify(now)).toBe(text);
        }
      }
      expect(past.length).toBeGreaterThan(10);
      const end = JSON.stringify(now);
      const redo: Edit[] = [];
      for (const { text, inverse } of past.toReversed()) {
        const undone = applyEdit(now, inverse);
        redo.push(undone.inverse);
        now = undone.state;
        expect(JSON.stringify(now)).toBe(text);
      }
      for (const again of redo.toReversed()) now = applyEdit(now, again).state;
      expect(JSON.stringify(now)).toBe(end);
    },
  );
});

/** Numbers from 0 up to the limit, the same series for the same seed. */
function randomOf(seed: number): (limit: number) => number {
  let at = seed;
  return (limit) => {
    at = (at * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((at / 2_147_483_648) * limit);
  };
}

function randomEdit({ document }: DataflowState, random: (limit: number) => number): Edit {
  const names = ['a', 'b', 'c', 'd', '__proto__', 'x y?', 'constructor'];
  const id = () => document.steps[random(document.steps.length)]?.id ?? 'a';
  const name = () => names[random(names.length)] ?? 'a';
  const ends = () => ({ from: id(), to: id(), path: random(3) === 0 ? ('error' as const) : ('next' as const) });
  const kinds: (() => Edit)[] = [
    () => ({ type: 'add-steps', steps: [step(name(), { next: [name()] }), step(name())], positions: { [name()]: { x: random(9), y: 0 } } }),
    () => ({ type: 'add-steps', steps: [step(name())], arrows: [{ from: id(), to: name(), path: 'next' }] }),
    () => ({ type: 'remove-steps', ids: [id()] }),
    () => ({ type: 'rename-step', from: id(), to: name() }),
    () => ({ type: 'set-params', id: id(), params: { [name()]: random(9) } }),
    () => ({ type: 'connect', ...ends() }),
    () => ({ type: 'disconnect', ...ends() }),
    () => ({ type: 'reconnect', arrow: ends(), to: ends() }),
    () => ({ type: 'set-details', description: name() }),
    () => ({ type: 'move-steps', positions: { [id()]: { x: random(9), y: random(9) } } }),
    () => ({ type: 'splice', step: step(name()), arrow: ends() }),
    () => ({
      type: 'all',
      edits: [
        { type: 'connect', ...ends() },
        { type: 'rename-step', from: id(), to: name() },
      ],
    }),
  ];
  return (kinds[random(kinds.length)] ?? kinds[0])?.() ?? { type: 'all', edits: [] };
}
