import type { DataRecord } from '@idsync/engine/dataflow';
import type { FormField } from './form-model.ts';

/** Cells of text copied from a spreadsheet: lines of values with tabs between. Quoted cells may hold line breaks and doubled quotes. */
export function readCells(text: string): string[][] {
  const rows: string[][] = [[]];
  const cells = /(?:"((?:[^"]|"")*)"(?=[\t\r\n]|$)|([^\t\r\n]*))(\t|\r\n|\n|\r|$)/gy;
  for (let found = cells.exec(text); found; found = cells.exec(text)) {
    const [whole, quoted, plain = '', end] = found;
    rows.at(-1)?.push(quoted === undefined ? plain.trim() : quoted.replaceAll('""', '"'));
    if (end === '' || whole === '') break;
    if (end !== '\t') rows.push([]);
  }
  return rows.filter((row) => row.some((cell) => cell !== ''));
}

const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Rows for a table's columns, in their order, or by name when the first line holds the columns' names. */
export function readRows(text: string, columns: readonly FormField[]): DataRecord[] {
  const cells = readCells(text);
  const [first = []] = cells;
  const named = first.map((cell) => columns.find((column) => [plain(column.name), plain(column.title)].includes(plain(cell))));
  const hasHeader = first.length > 0 && named.every((column) => column !== undefined);
  const order = hasHeader ? named : columns;
  return (hasHeader ? cells.slice(1) : cells).map((row) =>
    Object.fromEntries(
      row.flatMap((cell, index) => (order[index] && cell !== '' ? [[order[index].name, cellValue(cell, order[index])]] : [])),
    ),
  );
}

function cellValue(cell: string, column: FormField): string | number | boolean {
  if (column.kind === 'number' && cell.trim() !== '' && Number.isFinite(Number(cell))) return Number(cell);
  if (column.kind === 'switch') return /^(true|yes|1|x)$/i.test(cell);
  return cell;
}
