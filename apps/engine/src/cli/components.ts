import { parseArgs } from 'node:util';
import { components as all, findComponent } from '#components';
import { type CatalogueEntry, type ComponentDescription, describeComponent } from '#dataflow';
import { EXIT } from './exit.ts';

/** `idsync components [id]`: the repository, or one component with its parameters. */
export async function components(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args, allowPositionals: true, options: { json: { type: 'boolean' } } });
  const [id] = positionals;
  if (id === undefined) {
    const entries = all.map(describeComponent);
    console.log(values.json ? JSON.stringify(entries, undefined, 2) : listText(entries));
    return EXIT.succeeded;
  }
  const component = findComponent(id);
  if (!component) {
    console.error(`There is no component ${id}. \`idsync components\` lists all.`);
    return EXIT.invalid;
  }
  const entry = describeComponent(component);
  console.log(values.json ? JSON.stringify(entry, undefined, 2) : entryText(entry));
  return EXIT.succeeded;
}

function listText(entries: CatalogueEntry[]): string {
  const width = Math.max(...entries.map((entry) => entry.type.length));
  const groups = [...new Set(entries.map((entry) => entry.group))];
  return groups
    .map((group) =>
      [group, ...entries.filter((entry) => entry.group === group).map((entry) => `  ${entry.type.padEnd(width)}  ${entry.summary}`)].join(
        '\n',
      ),
    )
    .join('\n\n');
}

interface ParamSchema {
  type?: string | string[];
  title?: string;
  help?: string;
  unit?: string;
  default?: unknown;
  enum?: unknown[];
  secret?: boolean;
}

function entryText(entry: ComponentDescription): string {
  const schema = entry.params as { properties?: Record<string, ParamSchema>; required?: string[] };
  const params = Object.entries(schema.properties ?? {}).map(([name, param]) => {
    const facts = [
      param.enum ? param.enum.join(' | ') : [param.type ?? 'any'].flat().join(' | '),
      schema.required?.includes(name) ? 'required' : '',
      param.default === undefined ? '' : `default ${JSON.stringify(param.default)}`,
      param.unit ?? '',
      param.secret ? 'secret' : '',
    ].filter(Boolean);
    return `  ${name} (${facts.join(', ')})\n      ${param.help ?? param.title ?? ''}`;
  });
  const flows = `${entry.input ?? 'nothing'} → ${entry.output ?? 'nothing'}`;
  return [
    `${entry.type}: ${entry.title}`,
    entry.summary,
    `takes and gives: ${flows}`,
    '',
    'Parameters',
    ...(params.length > 0 ? params : ['  none']),
    ...(entry.notes ? ['', entry.notes] : []),
  ].join('\n');
}
