import type { CatalogueEntry } from '@idsync/engine/dataflow';

/** Components of one use or one kind of system. */
export interface PalettePart {
  /** Empty when the section is not divided. */
  title: string;
  entries: readonly CatalogueEntry[];
}

export interface PaletteSection {
  title: string;
  count: number;
  parts: readonly PalettePart[];
}

const sections = ['Readers', 'Lookups', 'Field transformers', 'Record transformers', 'File transformers', 'Writers'];

const parts = [
  'Files & storages',
  'Gigya',
  'ESP, CRM & DMP',
  'Any API',
  'Parse: files to records',
  'Format: records to files',
  'Compress & encrypt',
  'Uncompress & decrypt',
];

const titleOf = ({ group, subgroup }: CatalogueEntry): string =>
  group === 'Transformers' && subgroup ? `${subgroup[0]?.toUpperCase()}${subgroup.slice(1)} transformers` : group;

/** What is on the other side, told by what flows and by the room of the id: `datasource.read.gigya.account` stands in gigya. */
function systemOf({ type, input, output }: CatalogueEntry): string {
  const [, , room] = type.split('.');
  if ((input ?? output) === 'files') return 'Files & storages';
  if (room === 'gigya') return 'Gigya';
  return room === 'external' ? 'Any API' : 'ESP, CRM & DMP';
}

function partOf(entry: CatalogueEntry): string {
  if (entry.group === 'Readers' || entry.group === 'Writers') return systemOf(entry);
  if (entry.kind === 'parser') return 'Parse: files to records';
  if (entry.kind === 'formatter') return 'Format: records to files';
  if (entry.kind !== 'file-transformer') return '';
  return /^file\.(un|de)/.test(entry.type) ? 'Uncompress & decrypt' : 'Compress & encrypt';
}

const inOrder = (order: readonly string[]) => (a: { title: string }, b: { title: string }) => rank(order, a.title) - rank(order, b.title);
const rank = (order: readonly string[], title: string) => (order.includes(title) ? order.indexOf(title) : order.length);

/** The palette's sections in the order data flows through them, the long ones in parts. */
export function groupComponents(entries: readonly CatalogueEntry[]): PaletteSection[] {
  return [...Map.groupBy(entries, titleOf)]
    .map(([title, members]) => ({
      title,
      count: members.length,
      parts: [...Map.groupBy(members, partOf)].map(([part, within]) => ({ title: part, entries: within })).sort(inOrder(parts)),
    }))
    .sort(inOrder(sections));
}
