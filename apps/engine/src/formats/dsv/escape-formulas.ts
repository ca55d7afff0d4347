import { Batch, type DataRecord, type Json } from '#dataflow';

/** What spreadsheets take for the beginning of a formula, in ASCII and in full width (OWASP, "CSV Injection"). */
const formula = /^[=+\-@\t\r\n＝＋－＠]/;
const number = /^[+-]?\d+(?:[.,]\d+)?$/;

/** The batches with an apostrophe before every text, and every field name, that a spreadsheet would run. */
export async function* escapeFormulas(batches: AsyncIterable<Batch>): AsyncGenerator<Batch> {
  for await (const batch of batches) yield Batch.of(batch.records.map(escapeRecord));
}

function escapeRecord(record: DataRecord): DataRecord {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [escapeText(name), escapeValue(value)]));
}

const escapeValue = (value: Json): Json => (typeof value === 'string' ? escapeText(value) : value);

const escapeText = (text: string): string => (formula.test(text) && !number.test(text) ? `'${text}` : text);
