import { catalogue } from '@idsync/engine/catalogue';
import { type Table, text } from './table.ts';

interface ScriptRow {
  id: string;
  description: string;
  input: string | null;
  output: string | null;
}

/** Names that the original gave its components inside; only this one is known. */
const formerIds: Record<string, readonly string[]> = { 'datasource.read.gigya.account': ['GigyaAccountsExtractor'] };

const rows: ScriptRow[] = catalogue.flatMap(({ type, aliases, summary, input, output }) =>
  [type, ...aliases, ...(formerIds[type] ?? [])].map((id) => ({ id, description: summary, input: input ?? null, output: output ?? null })),
);

/** The components as the search sees them. They are part of the program and the same for every site. */
export const scriptTable: Table<ScriptRow> = {
  name: 'script',
  scope: (bind) =>
    `FROM jsonb_to_recordset(${bind(JSON.stringify(rows))}::jsonb) AS c(id text, description text, input text, output text) WHERE true`,
  columns: 'c.*',
  fields: [text('id', 'c.id'), text('description', 'c.description'), text('input', 'c.input'), text('output', 'c.output')],
  otherFields: [],
  key: [text('id', 'c.id')],
  usualOrder: { field: 'id', descending: false },
  toObjects: (found) =>
    found.map(({ id, description, input, output }) => ({ id, description, ...(input && { input }), ...(output && { output }) })),
};
