// usage: node node-csv.mjs WORKLOAD INPUT OUTPUT: csv-parse, one object per row, a loop.
import fs from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { parse } from 'csv-parse';

const [, , workload, input, output] = process.argv;
const quoted = (value) => (/[",\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value);
const csvLine = (record) => `${Object.values(record).map(quoted).join(',')}\n`;

const change = {
  W1: (record) => {
    const { UID, gender: _g, birthYear: _b, createdTimestamp, lastUpdated, ...rest } = record;
    return { accountId: UID, ...rest, created: createdTimestamp, updated: lastUpdated };
  },
  W2: (record) => {
    if (record.subscribed !== 'true') return undefined;
    const renamed = change.W1(record);
    return { ...renamed, phone: renamed.phone.replace(/[^0-9+]/g, ''), fullName: `${renamed.firstName} ${renamed.lastName}` };
  },
  W3: (record) => ({ ...record, email: record.email.toLowerCase(), age: 2026 - Number(record.birthYear) }),
};
change.W1p = change.W1;

async function* lines(records) {
  let text = '';
  let header = workload !== 'W3';
  for await (const record of records) {
    const changed = change[workload](record);
    if (!changed) continue;
    if (header) text += csvLine(Object.fromEntries(Object.keys(changed).map((key) => [key, key])));
    header = false;
    text += workload === 'W3' ? `${JSON.stringify(changed)}\n` : csvLine(changed);
    if (text.length < 65536) continue;
    yield text;
    text = '';
  }
  yield text;
}

const steps = [
  fs.createReadStream(input),
  parse({ columns: true }),
  lines,
  ...(output.endsWith('.gz') ? [createGzip()] : []),
  fs.createWriteStream(output),
];
await pipeline(steps);
