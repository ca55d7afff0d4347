// usage: node node-papaparse.mjs WORKLOAD INPUT OUTPUT ENTRY: Papa Parse in chunks, one object per row, unparse; ENTRY is its file.

import { once } from 'node:events';
import fs from 'node:fs';
import { pathToFileURL } from 'node:url';
import { createGzip } from 'node:zlib';

const [, , workload, input, output, entry] = process.argv;
const Papa = (await import(pathToFileURL(entry))).default;

const rename = ({ UID, gender: _g, birthYear: _b, createdTimestamp, lastUpdated, ...rest }) => ({
  accountId: UID,
  ...rest,
  created: createdTimestamp,
  updated: lastUpdated,
});
const change = {
  W1: rename,
  W1p: rename,
  W2: (record) =>
    record.subscribed === 'true' && {
      ...rename(record),
      phone: record.phone.replace(/[^0-9+]/g, ''),
      fullName: `${record.firstName} ${record.lastName}`,
    },
  W3: (record) => ({ ...record, email: record.email.toLowerCase(), age: 2026 - Number(record.birthYear) }),
}[workload];

const file = fs.createWriteStream(output);
const out = output.endsWith('.gz') ? createGzip() : file;
if (out !== file) out.pipe(file);
let header = true;
// Characters cut by a chunk are lost unless the stream decodes.
Papa.parse(fs.createReadStream(input, { encoding: 'utf8', highWaterMark: 262_144 }), {
  header: true,
  skipEmptyLines: true,
  chunk({ data }, parser) {
    const records = data.map(change).filter(Boolean);
    if (records.length === 0) return;
    const text =
      workload === 'W3' ? records.map((record) => JSON.stringify(record)).join('\n') : Papa.unparse(records, { header, newline: '\n' });
    header = false;
    if (out.write(`${text}\n`)) return;
    parser.pause();
    out.once('drain', () => parser.resume());
  },
  complete: () => out.end(),
});
await once(file, 'close');
