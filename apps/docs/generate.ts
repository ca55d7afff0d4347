import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { components } from '@idsync/engine/components';
import { describeComponent } from '@idsync/engine/dataflow';
import { catalogueSource, helpSource } from './catalogue-source.ts';
import { referenceIndex, referencePage } from './reference-page.ts';

// Writes what is made from the component registry: the catalogue and the reference pages.
// With --check it writes nothing and exits with 1 when a file is stale.

const apps = path.resolve(import.meta.dirname, '..');
const reference = path.join(apps, 'docs', 'reference');
const entries = components.map(describeComponent);

const wanted = new Map<string, string>([
  [path.join(apps, 'engine', 'src', 'components', 'catalogue.gen.ts'), catalogueSource(entries)],
  [path.join(apps, 'engine', 'src', 'components', 'catalogue-help.gen.ts'), helpSource(entries)],
  [path.join(reference, 'index.md'), referenceIndex(entries)],
  ...entries.map((entry) => [path.join(reference, `${entry.type}.md`), referencePage(entry)] as const),
]);

await mkdir(reference, { recursive: true });
const pages = (await readdir(reference)).filter((name) => name.endsWith('.md')).map((name) => path.join(reference, name));
const removed = pages.filter((page) => !wanted.has(page));
const read = (file: string) => readFile(file, 'utf8').catch(() => undefined);
const changed: string[] = [];
for (const [file, content] of wanted) if ((await read(file)) !== content) changed.push(file);

const stale = [...changed, ...removed].map((file) => path.relative(path.dirname(apps), file));
if (process.argv.includes('--check')) {
  if (stale.length > 0) {
    console.error(`Stale, run \`npm run generate\`:\n${stale.map((file) => `  ${file}`).join('\n')}`);
    process.exitCode = 1;
  }
} else {
  for (const file of changed) await writeFile(file, wanted.get(file) ?? '');
  for (const file of removed) await rm(file);
  if (stale.length > 0) console.log(stale.join('\n'));
}
