// usage: node node-post.mjs W4 INPUT OUTPUT ENDPOINT: readline and fetch, 1,000 a request, 10 in flight, the refused to a file.
import fs from 'node:fs';
import readline from 'node:readline';

const [, , , input, output, endpoint] = process.argv;
const out = fs.createWriteStream(output);
const inFlight = new Set();

async function post(batch) {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/x-ndjson' },
    body: batch.map((record) => JSON.stringify(record)).join('\n'),
  });
  const { failed } = await answer.json();
  const refused = new Set(failed.map(({ UID }) => UID));
  for (const record of batch) if (refused.has(record.UID)) out.write(`${JSON.stringify(record)}\n`);
}

async function send(batch) {
  const call = post(batch).finally(() => inFlight.delete(call));
  inFlight.add(call);
  if (inFlight.size >= 10) await Promise.race(inFlight);
}

let batch = [];
for await (const line of readline.createInterface({ input: fs.createReadStream(input) })) {
  batch.push(JSON.parse(line));
  if (batch.length < 1000) continue;
  await send(batch);
  batch = [];
}
if (batch.length > 0) await send(batch);
await Promise.all(inFlight);
out.end();
