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
const text = (row: Row): Row => Object.fromEntries(Object.entries(row).map(([name, value]) => [name, String(value)]));

/** What each workload must make of one account; undefined leaves it out. Key order is left to the tool. */
const expected: Record<string, (account: BenchAccount) => Row | undefined> = {
  W1: (account) => text(renamed(account)),
  W1p: (account) => text(renamed(account)),
  W2: (account) =>
    account.subscribed
      ? text({ ...renamed(account), phone: account.phone.replace(/[^0-9+]/g, ''), fullName: `${account.firstName} ${account.lastName}` })
      : undefined,
  W3: (account) => ({ ...text({ ...account }), email: account.email.toLowerCase(), age: String(2026 - account.birthYear) }),
  W4: (account) => (isRefused(account.UID) ? { UID: account.UID, email: account.email } : undefined),
};

/** Compares an output with what the generator says it must be, record by record, through readers that are not ours. Throws at the first difference. */
export async function verify(workload: string, output: string, rows: number): Promise<void> {
  const wanted = new Map<string, Row>();
  const key = (row: Row) => String(row.accountId ?? row.UID);
  for (const account of benchAccounts(rows)) {
    const row = expected[workload]?.(account);
    if (row) wanted.set(key(row), row);
  }
  for await (const got of readRows(output)) {
    const want = wanted.get(key(got));
    if (!want) throw new Error(`${workload}: ${key(got)} should not be in the output, or is in it twice.`);
    for (const name of Object.keys(want)) {
      if (String(got[name]) !== String(want[name]))
        throw new Error(
          `${workload}: ${key(got)} has ${name} ${JSON.stringify(got[name])} where ${JSON.stringify(want[name])} was expected.`,
        );
    }
    if (workload !== 'W4' && Object.keys(got).length !== Object.keys(want).length)
      throw new Error(`${workload}: ${key(got)} has the fields ${Object.keys(got)}, expected ${Object.keys(want)}.`);
    wanted.delete(key(got));
  }
  if (wanted.size > 0) throw new Error(`${workload}: ${wanted.size} records are missing from the output.`);
}

async function* readRows(file: string): AsyncGenerator<Row> {
  const bytes = file.endsWith('.gz') ? createReadStream(file).pipe(createGunzip()) : createReadStream(file);
  if (!file.endsWith('.json')) {
    yield* bytes.pipe(parse({ columns: true })) as AsyncIterable<Row>;
    return;
  }
  for await (const line of readline.createInterface({ input: bytes })) yield JSON.parse(line) as Row;
}
