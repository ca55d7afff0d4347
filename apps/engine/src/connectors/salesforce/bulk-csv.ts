import { type DataRecord, FatalError } from '#dataflow';
import { parseDsv } from '#formats/dsv/parse.ts';

const needsQuotes = /[",\r\n]|^\s|\s$/;

/** One cell: in quotes where it must be. Lone surrogates, which UTF-8 cannot hold, become U+FFFD. */
const cell = (value: string): string => {
  const text = value.toWellFormed();
  return needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** A line of CSV, line feed included. */
export const csvLine = (cells: readonly string[]): string => `${cells.map(cell).join(',')}\n`;

/** The rows of a result file as objects by its header. */
export async function* resultRows(chunks: AsyncIterable<Uint8Array>, what: string): AsyncGenerator<DataRecord, void, void> {
  const options = {
    dialect: { separator: ',', quote: '"', escapeWith: '"' },
    header: true,
    inferTypes: false,
    fileName: what,
    onMalformed: ({ line, problem }: { line: number; problem: string }) => {
      throw new FatalError(`Line ${line} of ${what} cannot be read: ${problem}.`, { code: 'malformedFile' });
    },
  };
  for await (const rows of parseDsv(chunks, options)) yield* rows.toRecords();
}
