import type { ComponentDescription } from '@idsync/engine/dataflow';
import { describe, expect, it } from 'vitest';
import { catalogueSource, helpSource } from './catalogue-source.ts';
import { referenceIndex, referencePage } from './reference-page.ts';

const entry: ComponentDescription = {
  type: 'datasource.write.vault',
  aliases: ['vault'],
  title: 'Vault',
  summary: 'Puts records | files away.',
  notes: 'Ask *first*.\n',
  kind: 'writer',
  group: 'Writers',
  input: 'records',
  output: 'records',
  delivery: 'at-least-once',
  connects: true,
  params: {
    type: 'object',
    required: ['host', 'rows'],
    requireOneOf: [['password', 'key']],
    properties: {
      host: { type: 'string', title: 'Host', help: 'Name of the server.', source: 'doc', examples: ['vault.example'] },
      port: {
        type: 'integer',
        minimum: 1,
        maximum: 65535,
        default: 22,
        unit: 'number',
        title: 'Port',
        help: 'Where it listens.',
        source: 'choice',
      },
      size: { type: 'number', exclusiveMinimum: 0, maximum: 9007199254740991, unit: 'MB', title: 'Size', help: 'Of a box.' },
      separator: { type: 'string', default: '\t', title: 'Separator', help: 'Between\nvalues | cells.' },
      mode: { enum: ['a', 'b'], type: 'string', default: 'a', title: 'Mode', help: 'How.', formerly: ['way'] },
      password: { type: 'string', secret: true, title: 'Password', help: 'Of the user.' },
      rows: {
        type: 'array',
        title: 'Rows',
        help: 'What to put away.',
        items: {
          type: 'object',
          required: ['path'],
          properties: { path: { type: 'string', fieldPath: true, title: 'Path', help: 'Which field.' } },
        },
      },
    },
  },
  examples: [{ title: 'One record', params: { host: 'h' }, input: [{ a: '```' }], output: [], errors: [{ a: 1 }, { a: 2 }] }],
};
const page = referencePage(entry);

describe('a reference page', () => {
  it('names its command, the component and what it takes and gives', () => {
    expect(page).toMatch(/^<!-- Made by: node apps\/docs\/generate\.ts -->\n\n# Vault\n/);
    expect(page).toContain('`datasource.write.vault` · writer · takes records · gives records · connects to another system');
    expect(page).toContain('Also written `vault`.');
  });

  it('lists parameters with star, kind, default, meaning and where the fact comes from', () => {
    expect(page).toContain('| `host` \\* | text |  | **Host.** Name of the server. For example `vault.example`. |');
    expect(page).toContain('| `port` | whole number, number, 1 to 65535 | `22` | **Port.** Where it listens. *(our choice)* |');
    expect(page).toContain('| `size` | number, MB, above 0 |  | **Size.** Of a box. |');
    expect(page).toContain('| `separator` | text | `\\t` | **Separator.** Between values \\| cells. |');
    expect(page).toContain('| `mode` | `a`, `b` | `a` | **Mode.** How. Older flows call it `way`. |');
    expect(page).toContain('| `password` | secret |  | **Password.** Of the user. |');
    expect(page).toContain(
      '| `rows` \\* | list of objects |  | **Rows.** What to put away. |\n| `rows[].path` \\* | field path |  | **Path.** Which field. |',
    );
    expect(page).toContain('At least one of `password`, `key` is needed.');
    expect(page).toContain('\\* must be set.');
  });

  it('shows examples with what goes in and what comes out', () => {
    expect(page).toContain('### One record\n\n```json\n{\n  "type": "datasource.write.vault",');
    expect(page).toContain('Records in:\n\n````json\n{\n  "a": "```"\n}\n````');
    expect(page).toContain('Records out:\n\n*none*');
    expect(page).toContain('On the error path:\n\n```json\n{"a":1}\n{"a":2}\n```');
  });

  it('shows in plain text what is stored as base64', () => {
    const properties = { script: { type: 'string', base64: true, language: 'javascript' as const, title: 'Script', help: 'Code.' } };
    const examples = [{ title: 'x', params: { script: 'cmV0dXJuIDE7Cg==' } }];
    const scripted = referencePage({ ...entry, params: { type: 'object', properties }, examples });
    expect(scripted).toContain('`script` in plain text:\n\n```javascript\nreturn 1;\n```');
    expect(scripted).toContain('| `script` | script, stored as base64 |');
  });

  it('tells the delivery and the notes', () => {
    expect(page).toContain('## Delivery\n\nAfter a retry');
    expect(page).toContain('## Notes\n\nAsk *first*.\n');
  });

  it('says so when there are no parameters', () => {
    expect(referencePage({ ...entry, params: { type: 'object', properties: {} } })).toContain('This component has no parameters.');
  });
});

describe('the index of components', () => {
  it('lists them by group, and no empty group', () => {
    const index = referenceIndex([entry]);
    expect(index).toContain('## Writers');
    expect(index).toContain('| [`datasource.write.vault`](datasource.write.vault.md) | records | records | Puts records \\| files away. |');
    expect(index).not.toContain('## Readers');
  });
});

describe('the catalogue as source', () => {
  it('is data that reads back the same, __proto__ included', async () => {
    const hostile = { ...entry, examples: [{ title: 'x', params: JSON.parse('{"__proto__":{"a":1}}') }] };
    const { notes, examples, ...brief } = hostile;
    const { catalogue } = await readBack(catalogueSource([hostile]));
    expect(catalogue).toEqual([brief]);
    const { componentHelp } = await readBack(helpSource([hostile]));
    expect(JSON.stringify(componentHelp)).toBe(JSON.stringify({ [hostile.type]: { notes, examples } }));
  });
});

/** What a module of these lines exports. */
function readBack(source: string): Promise<Record<string, unknown>> {
  expect(source).toMatch(/^\/\/ Made by: node apps\/docs\/generate\.ts\n/);
  const script = source.replace(/^import.*$/m, '').replace(/^(export const \w+): .*? = /m, '$1 = ');
  return import(`data:text/javascript,${encodeURIComponent(script)}`);
}
