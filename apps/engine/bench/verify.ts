import { createReadStream } from 'node:fs';
import readline from 'node:readline';
import { createGunzip } from 'node:zlib';
import { parse } from 'csv-parse';
import { type BenchAccount, benchAccounts } from './accounts.ts';
import { isRefused } from './refusing-endpoint.ts';

type Row = Record<string, unknown>;

const renamed = ({ UID, gender: _g, birthYear: _b, createdTimestamp, lastUpdated, ...rest }: BenchAccount): Row => ({
  accountId: UID,
  ...rest,
  created: createdTimestamp,
  updated: lastUpdated,
});

/** What each workload must make of one account; undefined leaves it out. Key order, and whether a value is text, are left to the tool. */
const expected: Record<string, (account: BenchAccount) => Row | undefined> = {
  W1: renamed,
  W1p: renamed,
  W2: (account) =>
    account.subscribed
      ? { ...renamed(account), phone: account.phone.replace(/[^0-9+]/g, ''), fullName: `${account.firstName} ${account.lastName}` }
      : undefined,
  W3: (account) => ({ ...account, email: account.email.toLowerCase(), age: 2026 - account.birthYear }),
  W4: (account) => (isRefused(account.UID) ? { UID: account.UID, email: account.email } : undefined),
};

const keyOf = (row: Row) => String(row.accountId ?? row.UID);

/**
 * Compares an output with what the generator says it must be, record by record, through readers that are not ours. Throws at the first
 * difference. Records may come in any order; only those that come too early are held.
 */
export async function verify(workload: string, output: string, rows: number): Promise<void> {
  const wanted = wantedRows(workload, rows);
  const ahead = new Map<string, Row>();
  const take = (got: Row): Row => {
    const key = keyOf(got);
    const early = ahead.get(key);
    if (early && ahead.delete(key)) return early;
    for (let next = wanted.next(); !next.done; next = wanted.next()) {
      if (keyOf(next.value) === key) return next.value;
      ahead.set(keyOf(next.value), next.value);
    }
    throw new Error(`${workload}: ${key} should not be in the output, or is in it twice.`);
  };
  for await (const got of readRows(output)) compare(workload, got, take(got));
  const missing = ahead.size + [...wanted].length;
  if (missing > 0) throw new Error(`${workload}: ${missing} records are missing from the output.`);
}

function compare(workload: string, got: Row, want: Row): void {
  let fields = 0;
  for (const name in want) {
    fields++;
    if (String(got[name]) !== String(want[name]))
      throw new Error(
        `${workload}: ${keyOf(got)} has ${name} ${JSON.stringify(got[name])} where ${JSON.stringify(want[name])} was expected.`,
      );
  }
  if (workload !== 'W4' && Object.keys(got).length !== fields)
    throw new Error(`${workload}: ${keyOf(got)} has the fields ${Object.keys(got)}, expected ${Object.keys(want)}.`);
}

function* wantedRows(workload: string, rows: number): Generator<Row, undefined> {
  for (const account of benchAccounts(rows)) {
    const row = expected[workload]?.(account);
    if (row) yield row;
  }
}

async function* readRows(file: string): AsyncGenerator<Row> {
  const bytes = file.endsWith('.gz') ? createReadStream(file).pipe(createGunzip()) : createReadStream(file);
  if (file.endsWith('.json')) {
    for await (const line of readline.createInterface({ input: bytes })) yield JSON.parse(line) as Row;
    return;
  }
  let names: string[] | undefined;
  for await (const cells of bytes.pipe(parse()) as AsyncIterable<string[]>) {
    if (names) yield Object.fromEntries(names.map((name, i) => [name, cells[i]]));
    else names = cells;
  }
}
