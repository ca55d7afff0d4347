import {
  type CatalogueEntry,
  type ComponentDescription,
  type DataRecord,
  decodeBase64Text,
  deliverySentences,
  type Example,
  type Fault,
} from '@idsync/engine/dataflow';
import { paramTable } from './param-table.ts';

const head = '<!-- Made by: node apps/docs/generate.ts -->';

/** The page of one component. */
export function referencePage(entry: ComponentDescription): string {
  const { type, aliases, title, summary, notes, faults = [], limits = [], params, examples, delivery } = entry;
  const also = aliases.length > 0 ? [`Also written ${aliases.map((alias) => `\`${alias}\``).join(', ')}.`] : [];
  return `${[
    head,
    `# ${title}`,
    `\`${type}\` · ${kindOf(entry)}`,
    summary,
    ...also,
    '## Parameters',
    paramTable(params),
    ...(delivery ? ['## Delivery', deliverySentences[delivery]] : []),
    ...(notes ? ['## Notes', notes.trim()] : []),
    ...(faults.length > 0 ? ['## What can go wrong', faultTable(faults)] : []),
    ...(limits.length > 0 ? ['## Limits', limits.map((limit) => `- ${limit}`).join('\n')] : []),
    ...(examples.length > 0 ? ['## Examples', ...examples.flatMap((example) => exampleOf(entry, example))] : []),
  ].join('\n\n')}\n`;
}

/** The list of all components, by group as in the palette. */
export function referenceIndex(entries: readonly CatalogueEntry[]): string {
  const groups = (['Readers', 'Lookups', 'Transformers', 'Writers'] as const)
    .map((group) => ({ group, members: entries.filter((entry) => entry.group === group) }))
    .filter(({ members }) => members.length > 0);
  return `${[
    head,
    '# Components',
    'Every step of a dataflow is one use of a component. Records are JSON objects; files are a name and bytes. A file becomes records by a parser (`file.parse…`), records become a file by a formatter (`file.format…`).',
    'On the pages of the components a star marks parameters that must be set. What carries no mark is documented by the original; *seen*, *inferred* and *our choice* say how sure another fact is.',
    ...groups.flatMap(({ group, members }) => [`## ${group}`, indexTable(members)]),
  ].join('\n\n')}\n`;
}

const faultTable = (faults: readonly Fault[]) =>
  [
    '| What | Then | Remedy |',
    '| --- | --- | --- |',
    ...faults.map(({ when, effect, remedy }) => `| ${[when, effect, remedy].map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`),
  ].join('\n');

const indexTable = (members: readonly CatalogueEntry[]) =>
  [
    '| Component | Takes | Gives | What it does |',
    '| --- | --- | --- | --- |',
    ...members.map(
      ({ type, input, output, summary }) =>
        `| [\`${type}\`](${type}.md) | ${input ?? '–'} | ${output ?? '–'} | ${summary.replaceAll('|', '\\|')} |`,
    ),
  ].join('\n');

function kindOf({ group, input, output, connects }: CatalogueEntry): string {
  const kind = group.slice(0, -1).toLowerCase();
  const takes = input ? `takes ${input}` : 'begins a dataflow';
  const gives = output ? `gives ${output}` : 'ends a branch';
  return [kind, takes, gives, ...(connects ? ['connects to another system'] : [])].join(' · ');
}

function exampleOf(entry: CatalogueEntry, { title, params, input, output, inputFiles, outputFiles, errors }: Example): string[] {
  const { type } = entry;
  const step = Object.keys(params).length > 0 ? { type, params } : { type };
  return [
    `### ${title}`,
    block('json', JSON.stringify(step, null, 2)),
    ...decoded(entry, params),
    ...(input ? ['Records in:', records(input)] : []),
    ...files('File in', inputFiles),
    ...(output ? ['Records out:', records(output)] : []),
    ...files('File out', outputFiles),
    ...(errors ? ['On the error path:', records(errors)] : []),
  ];
}

/** Parameters that are stored as base64, in plain text. */
const decoded = ({ params: { properties = {} } }: CatalogueEntry, params: DataRecord) =>
  Object.entries(properties).flatMap(([name, { base64, secret, language }]) => {
    const stored = params[name];
    const text = base64 && !secret && typeof stored === 'string' ? decodeBase64Text(stored) : undefined;
    return text === undefined ? [] : [`\`${name}\` in plain text:`, block(language ?? 'text', text.trimEnd())];
  });

const records = (list: readonly DataRecord[]) =>
  list.length === 0 ? '*none*' : block('json', list.map((record) => JSON.stringify(record, null, list.length === 1 ? 2 : 0)).join('\n'));

const files = (label: string, named: Record<string, string> = {}) =>
  Object.entries(named).flatMap(([name, content]) => [
    `${label}, \`${name}\`:`,
    content === '' ? '*empty*' : block('text', content.replace(/\r?\n$/, '')),
  ]);

/** A code block whose fence is longer than any inside. */
function block(language: string, content: string): string {
  const fence = '`'.repeat(Math.max(3, ...Array.from(content.matchAll(/`+/g), ([run]) => run.length + 1)));
  return `${fence}${language}\n${content}\n${fence}`;
}
