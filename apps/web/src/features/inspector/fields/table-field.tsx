import type { DataRecord, Json } from '@idsync/engine/dataflow';
import { ActionIcon, Button, Group } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react';
import { type ClipboardEvent, useId } from 'react';
import type { FormField } from '../form-model.ts';
import { withParam } from '../form-model.ts';
import classes from '../inspector.module.css';
import { readCells, readRows } from '../pasted-table.ts';
import { CellControl } from './cell-control.tsx';
import { FieldFrame } from './field-frame.tsx';
import type { FieldProps } from './field-props.ts';

const isRow = (row: Json): row is DataRecord => typeof row === 'object' && row !== null && !Array.isArray(row);

/** A list of objects as a table, a list of texts as a table of one column. Several lines or columns paste from a spreadsheet. */
export function TableField({ field, value, path, onChange }: FieldProps) {
  const id = useId();
  const single = field.kind === 'strings';
  const columns: readonly FormField[] = single
    ? [{ ...field, kind: 'text', schema: field.schema.items ?? {}, orElse: [], inner: [], title: field.title }]
    : field.inner;
  const wide = columns.length > 3 || columns.some((column) => column.kind === 'long-text');
  const rows = Array.isArray(value) ? value : value === undefined || value === null || value === '' ? [] : [value];
  const set = (next: Json[]) => onChange(next.length === 0 ? undefined : next);
  const move = (from: number, to: number) => {
    const next = rows.slice();
    next.splice(to, 0, ...next.splice(from, 1));
    set(next);
  };
  const paste = (event: ClipboardEvent, at: number) => {
    const text = event.clipboardData.getData('text/plain');
    if (!/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const pasted: Json[] = single
      ? readCells(text)
          .flat()
          .filter((cell) => cell !== '')
      : readRows(text, columns);
    const blank = isBlank(rows[at]);
    set([...rows.slice(0, at), ...pasted, ...rows.slice(blank ? at + 1 : at)]);
  };
  return (
    <FieldFrame field={field} path={path} id={id}>
      {rows.length > 0 && (
        <table aria-label={field.title} className={classes.table} data-wide={wide ? (columns.length > 3 ? 'grid' : 'stack') : undefined}>
          {!single && !wide && <ColumnHeads columns={columns} />}
          <tbody>
            {rows.map((row, index) => (
              // A row has no name of its own; rows are controlled, so their place is enough.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <tr key={index} data-field={`${path}[${index}]`} onPaste={(event) => paste(event, index)}>
                {columns.map((column) => {
                  const at = single ? `${path}[${index}]` : `${path}[${index}].${column.name}`;
                  return (
                    <td key={column.name} data-field={at} data-long={column.kind === 'long-text' || undefined}>
                      {wide && (
                        <span className={classes.cellTitle}>
                          {column.title}
                          {column.required && <span className={classes.star}> *</span>}
                        </span>
                      )}
                      <CellControl
                        field={column}
                        label={`${column.title} ${index + 1}`}
                        value={single ? row : isRow(row) ? row[column.name] : undefined}
                        path={at}
                        onChange={(next) =>
                          set(rows.with(index, single ? (next ?? '') : withParam(isRow(row) ? row : {}, column.name, next)))
                        }
                      />
                    </td>
                  );
                })}
                <td className={classes.rowActs}>
                  <RowActs
                    index={index}
                    count={rows.length}
                    onMove={(to) => move(index, to)}
                    onRemove={() => set(rows.toSpliced(index, 1))}
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <Group gap="xs" mt={rows.length > 0 ? 4 : 0}>
        <Button
          id={id}
          size="compact-sm"
          variant="subtle"
          leftSection={<IconPlus size={14} />}
          aria-label={`Add a row to ${field.title}`}
          onClick={() => set([...rows, single ? '' : {}])}
          onPaste={(event) => paste(event, rows.length)}
        >
          Add row
        </Button>
        {rows.length === 0 && <span className={classes.hint}>or paste cells of a spreadsheet on it</span>}
      </Group>
    </FieldFrame>
  );
}

function ColumnHeads({ columns }: { columns: readonly FormField[] }) {
  return (
    <thead>
      <tr>
        {columns.map((column) => (
          <th scope="col" key={column.name}>
            {column.title}
            {column.required && <span className={classes.star}> *</span>}
          </th>
        ))}
        <td className={classes.rowActs} />
      </tr>
    </thead>
  );
}

const isBlank = (row: Json | undefined): boolean =>
  row === '' || (row !== undefined && isRow(row) && Object.values(row).every((cell) => cell === ''));

interface RowActsProps {
  index: number;
  count: number;
  onMove(to: number): void;
  onRemove(): void;
}

function RowActs({ index, count, onMove, onRemove }: RowActsProps) {
  const button = { variant: 'subtle', color: 'gray', size: 'sm' } as const;
  return (
    <>
      <ActionIcon {...button} aria-label={`Move row ${index + 1} up`} disabled={index === 0} onClick={() => onMove(index - 1)}>
        <IconArrowUp size={14} />
      </ActionIcon>
      <ActionIcon {...button} aria-label={`Move row ${index + 1} down`} disabled={index === count - 1} onClick={() => onMove(index + 1)}>
        <IconArrowDown size={14} />
      </ActionIcon>
      <ActionIcon {...button} aria-label={`Remove row ${index + 1}`} onClick={onRemove}>
        <IconTrash size={14} />
      </ActionIcon>
    </>
  );
}
