import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { defineFileWriter } from './component.ts';
import type { DataflowDocument, Step } from './document.ts';
import type { DataRecord } from './json.ts';
import { keepMasked } from './keep-masked.ts';
import { secret } from './params.ts';
import { MASK } from './secrets.ts';
import { lookupOfComponents } from './traits.ts';

const lookup = lookupOfComponents([
  defineFileWriter({
    type: 'datasource.write.vault',
    title: 'T',
    summary: 'S.',
    delivery: 'published-once',
    params: z.object({
      host: z.string(),
      port: z.int().default(22),
      folder: z.string().optional(),
      pin: secret().meta({ formerly: ['code'] }),
      doors: z.array(z.object({ name: z.string(), pin: secret() })).optional(),
    }),
    examples: [],
    write: async () => {},
  }),
]);
const vault = (params: DataRecord, id = 'vault'): Step => ({ id, type: 'datasource.write.vault', params: { host: 'bank', ...params } });
const kept = (next: Step[], ...stored: Step[]) => keepMasked({ steps: next }, { steps: stored }, lookup).steps.map((step) => step.params);
const doors = (...entries: [name: string, pin: string][]) => ({ pin: '1', doors: entries.map(([name, pin]) => ({ name, pin })) });

describe('a mask that comes back', () => {
  const stored: DataflowDocument = { steps: [vault({ pin: '1234' }), vault({ pin: '9' }, 'other')] };
  const pins = (...next: Step[]) => kept(next, ...stored.steps).map((params) => params?.pin ?? params?.code);

  it('means that the secret of that step is unchanged', () => {
    expect(pins(vault({ pin: '77' }, 'other'), vault({ pin: MASK, folder: '/new' }))).toEqual(['77', '1234']);
    expect(pins(vault({ code: MASK }))).toEqual(['1234']);
  });

  it('follows a step that was renamed, when there is no doubt', () => {
    expect(pins(vault({ pin: MASK }, 'new name'), vault({ pin: MASK }, 'other'))).toEqual(['1234', '9']);
    expect(pins(vault({ pin: MASK }, 'new'), vault({ pin: MASK }, 'names'))).toEqual([MASK, MASK]);
  });

  it('stays a mask when nothing is stored', () => {
    expect(pins(...stored.steps, vault({ pin: MASK }, 'third'))).toEqual(['1234', '9', MASK]);
  });

  it('gets no secret when the step goes to another place, renamed or not', () => {
    expect(pins(vault({ pin: MASK, host: 'elsewhere' }))).toEqual([MASK]);
    expect(pins(vault({ pin: MASK, port: 2222 }))).toEqual([MASK]);
    expect(pins(vault({ pin: MASK, host: 'elsewhere' }, 'new name'), vault({ pin: MASK }, 'other'))).toEqual([MASK, '9']);
    expect(pins({ ...vault({ pin: MASK }), type: 'datasource.write.open' })).toEqual([MASK]);
  });

  it('takes a place that is written out or left to its default as the same', () => {
    expect(pins(vault({ pin: MASK, port: 22 }))).toEqual(['1234']);
    expect(pins(vault({ pin: MASK, port: '' }))).toEqual(['1234']);
  });

  it('keeps places of components that are not built apart, too', () => {
    const open = (endpointUrl: string, token: string): Step => ({ id: 'a', type: 'not.built', params: { to: { endpointUrl }, token } });
    expect(kept([open('https://a.example', MASK)], open('https://a.example', 't'))).toEqual([open('https://a.example', 't').params]);
    expect(kept([open('https://b.example', MASK)], open('https://a.example', 't'))).toEqual([open('https://b.example', MASK).params]);
  });

  it('stays with its entry of a list when others come and go', () => {
    const before = vault(doors(['front', '1'], ['back', '2']));
    expect(kept([vault(doors(['back', MASK]))], before)[0]?.doors).toEqual([{ name: 'back', pin: '2' }]);
    expect(kept([vault(doors(['side', MASK], ['front', MASK]))], before)[0]?.doors).toEqual([
      { name: 'side', pin: MASK },
      { name: 'front', pin: '1' },
    ]);
  });
});
