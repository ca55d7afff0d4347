/**
 * The HTTP API of W4: answers every POST at once with `{accepted, failed: [{UID, code}]}` and refuses the 1 % of records whose
 * UID's last four hex digits are divisible by 100. `GET /stats` tells what arrived. `node bench/refusing-endpoint.ts` prints its port.
 */
import http from 'node:http';

const UID = /"UID":\s?"([0-9a-f]{32})"/g;
export const isRefused = (uid: string): boolean => Number.parseInt(uid.slice(28), 16) % 100 === 0;

const stats = { requests: 0, records: 0, failed: 0, mostInFlight: 0, largestBatch: 0 };
let inFlight = 0;

const server = http.createServer({ keepAlive: true, requestTimeout: 0, headersTimeout: 0 }, (request, response) => {
  if (request.url === '/stats') {
    response.end(JSON.stringify(stats));
    return;
  }
  stats.mostInFlight = Math.max(stats.mostInFlight, ++inFlight);
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const uids = [...Buffer.concat(parts).toString('latin1').matchAll(UID)].map((match) => match[1] as string);
    const failed = uids.filter(isRefused).map((uid) => ({ UID: uid, code: 400 }));
    stats.requests++;
    stats.records += uids.length;
    stats.failed += failed.length;
    stats.largestBatch = Math.max(stats.largestBatch, uids.length);
    inFlight--;
    const answer = JSON.stringify({ accepted: uids.length - failed.length, failed });
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) }).end(answer);
  });
});

if (import.meta.main) {
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    console.log(typeof address === 'object' && address ? address.port : 0);
  });
  process.on('disconnect', () => process.exit());
  process.on('SIGTERM', () => process.exit());
}
