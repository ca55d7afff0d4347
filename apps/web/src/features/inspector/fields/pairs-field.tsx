import type { DataRecord, Json } from '@idsync/engine/dataflow';
import type { FormField } from '../form-model.ts';
import { asText, type FieldProps } from './field-props.ts';
import { TableField } from './table-field.tsx';

const column = (name: string, title: string, required: boolean): FormField => ({
  name,
  title,
  kind: 'text',
  required,
  help: undefined,
  orElse: [],
  schema: { type: 'string' },
  options: [],
  inner: [],
});

const columns = [column('name', 'Name', true), column('value', 'Value', false)];

/** An object of names and texts as a table of two columns. */
export function PairsField({ field, value, path, onChange }: FieldProps) {
  const pairs = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
  const rows: Json[] = pairs.map(([name, text]) => ({ name, value: asText(text) }));
  const set = (next: Json | undefined) => {
    if (!Array.isArray(next)) return onChange(undefined);
    onChange(Object.fromEntries(next.map((row) => [asText((row as DataRecord).name), asText((row as DataRecord).value)])));
  };
  return <TableField field={{ ...field, kind: 'table', inner: columns }} value={rows} path={path} onChange={set} />;
}
