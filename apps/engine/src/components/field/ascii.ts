import { z } from 'zod';
import {
  changeColumns,
  changeTexts,
  compileChanges,
  defineRecordTransformer,
  everyField,
  type FieldChange,
  fieldPath,
  type Json,
} from '#dataflow';

const params = z.object({
  fields: z
    .array(fieldPath())
    .min(1)
    .default([everyField])
    .meta({ title: 'Fields', help: 'Paths of the fields to change, or * for every field.', fieldPath: true, source: 'choice' }),
  mode: z.enum(['remove', 'transliterate']).default('remove').meta({
    title: 'Mode',
    help: 'remove: characters beyond ASCII go; transliterate: é becomes e, ß becomes ss, and what has no like goes.',
    source: 'choice',
  }),
  replacement: z
    .string()
    .regex(/^[\0-\x7f]*$/, 'must itself be ASCII')
    .default('')
    .meta({
      title: 'Replacement',
      help: 'What stands in place of a character that goes; empty for nothing.',
      examples: ['?'],
      source: 'choice',
    }),
});

export default defineRecordTransformer({
  type: 'field.ascii',
  title: 'Reduce to ASCII',
  summary: 'Removes characters beyond ASCII from texts, or writes them with plain letters.',
  notes: [
    'The manual\'s overview promises to "remove non-ASCII strings" and names no component for it: id and parameters are chosen here.',
    'Texts in lists and objects are changed too, at any depth; names of fields are not. Transliteration takes marks off letters of the Latin script (é, ñ, ü, ł), writes ß as ss, æ as ae, ø as o, þ as th, and turns typographic quotes, dashes and wide blanks into plain ones.',
  ].join('\n\n'),
  limits: [
    'Other scripts (Greek, Cyrillic, Chinese) are not transliterated: their characters go.',
    'German umlauts lose their dots: ü becomes u, not ue.',
  ],
  params,
  examples: [
    {
      title: 'Removed',
      params: { fields: ['name'] },
      input: [{ name: 'Zoë 😀 Müller', city: 'Köln' }],
      output: [{ name: 'Zo  Mller', city: 'Köln' }],
    },
    {
      title: 'With plain letters, in every field',
      params: { mode: 'transliterate', replacement: '?' },
      input: [{ name: 'Zoë “Ł” Großmann', tags: ['Ærø', '東'], age: 41 }],
      output: [{ name: 'Zoe "L" Grossmann', tags: ['AEro', '?'], age: 41 }],
    },
  ],
  compile: (settings) => compileChanges(changesOf(settings)),
  compileColumns: (settings) => {
    const changes = changesOf(settings);
    return (columns) => changeColumns(columns, changes);
  },
});

function changesOf({ fields, mode, replacement }: z.output<typeof params>): FieldChange[] {
  const drop = (text: string) => text.replace(/[^\0-\x7f]/gu, () => replacement);
  const plain = mode === 'remove' ? drop : (text: string) => drop(transliterate(text));
  const change = (text: string) => (/[^\0-\x7f]/.test(text) ? plain(text) : text);
  return fields.map((path) => ({ path, change: (value: Json) => changeTexts(value, change) }));
}

/** Letters that Unicode does not take apart into a plain letter and a mark, and signs that have a plain like. */
const likes = new Map(
  Object.entries({
    ß: 'ss',
    ẞ: 'SS',
    æ: 'ae',
    Æ: 'AE',
    œ: 'oe',
    Œ: 'OE',
    ø: 'o',
    Ø: 'O',
    đ: 'd',
    Đ: 'D',
    ð: 'd',
    Ð: 'D',
    þ: 'th',
    Þ: 'Th',
    ł: 'l',
    Ł: 'L',
    ħ: 'h',
    Ħ: 'H',
    ı: 'i',
    ŋ: 'n',
    Ŋ: 'N',
    ĸ: 'k',
    ŧ: 't',
    Ŧ: 'T',
    ə: 'e',
    Ə: 'E',
    '‘': "'",
    '’': "'",
    '‚': "'",
    '‛': "'",
    '“': '"',
    '”': '"',
    '„': '"',
    '«': '"',
    '»': '"',
    '‹': "'",
    '›': "'",
    '‐': '-',
    '‑': '-',
    '‒': '-',
    '–': '-',
    '—': '-',
    '―': '-',
    '−': '-',
    '×': 'x',
    '÷': '/',
    '€': 'EUR',
    '£': 'GBP',
    '⁄': '/',
  }),
);

/** Compatible forms taken apart (é to e and a mark, ﬁ to fi, … to three dots), marks taken off Latin letters, likes put in. */
const transliterate = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/(\p{ASCII})\p{Mn}+/gu, '$1')
    .replace(/[^\0-\x7f]/gu, (character) => likes.get(character) ?? character);
