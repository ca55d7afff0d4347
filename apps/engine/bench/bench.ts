/**
 * `npm run bench [-- --rows 1000000] [--only W1,W3] [--runs 3] [--json FILE] [--peers DIR]`: the workloads through the real command line, beside the
 * tools found on this machine, in one run; DIR is where peers that come as
 * packages were installed (`npm install --prefix DIR @duckdb/node-api`). The output of every tool is checked record by record before its time counts.
 */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeAccounts } from './accounts.ts';
import { type Measurement, measure } from './measure.ts';
import { peersFrom } from './peers/peers.ts';
import { verify } from './verify.ts';
import { type Workload, workloads } from './workloads.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    runs: { type: 'string', default: '1' },
    json: { type: 'string' },
    peers: { type: 'string' },
  },
});
const rows = Number(values.rows);
const runs = Number(values.runs);
const peers = peersFrom(values.peers);
const chosen = workloads.filter((workload) => !values.only || values.only.split(',').includes(workload.id));

interface Row extends Measurement {
  workload: string;
  tool: string;
  recordsPerSec: number;
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'idsync-bench-'));
const data = path.join(os.tmpdir(), `idsync-bench-accounts-${rows}`);
const endpoint = await startEndpoint();
const results: Row[] = [];
try {
  if (!existsSync(`${data}.csv`)) writeAccounts(rows, data);
  console.log(
    `${rows.toLocaleString('en-US')} accounts, best of ${runs}, ${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.availableParallelism()} cores, Node ${process.versions.node}\n`,
  );
  for (const workload of chosen) {
    console.log(`${workload.id}: ${workload.title}`);
    console.log(
      `  ${'tool'.padEnd(14)}${'records/s'.padStart(12)}${'wall s'.padStart(9)}${'CPU s'.padStart(9)}${'peak MB'.padStart(9)}${'ratio'.padStart(8)}`,
    );
    const ours = await best(workload, 'idsync', (output) => idsync(workload, output));
    print(ours, ours);
    for (const peer of peers) {
      const input = `${data}.${workload.input}`;
      const command = (output: string) => peer.command(workload.id, { input, output, endpoint: endpoint.url });
      if (command('x')) print(await best(workload, peer.name, (output) => command(output) as readonly [string, ...string[]]), ours);
    }
    console.log('');
  }
  if (values.json) writeFileSync(values.json, `${JSON.stringify({ rows, results }, undefined, 2)}\n`);
} finally {
  endpoint.stop();
  rmSync(folder, { recursive: true, force: true });
}

function print(row: Row, ours: Row): void {
  const cells = [
    Math.round(row.recordsPerSec).toLocaleString('en-US').padStart(12),
    row.wallSec.toFixed(2).padStart(9),
    row.cpuSec.toFixed(2).padStart(9),
    row.peakMb.toFixed(0).padStart(9),
  ];
  console.log(`  ${row.tool.padEnd(14)}${cells.join('')}${(row.recordsPerSec / ours.recordsPerSec).toFixed(2).padStart(8)}`);
}

async function best(workload: Workload, tool: string, command: (output: string) => readonly [string, ...string[]]): Promise<Row> {
  const all: Row[] = [];
  for (let run = 0; run < runs; run++) {
    const out = path.join(folder, `${workload.id}-${tool.replaceAll(' ', '-')}-${run}`);
    mkdirSync(out);
    const output = path.join(out, workload.output);
    const [program, ...args] = command(output);
    const measured = await measure(program, args, { cwd: out });
    if (measured.exitCode !== 0) throw new Error(`${tool} failed on ${workload.id}: ${measured.output}`);
    if (run === 0) await verify(workload.id, output, rows);
    rmSync(out, { recursive: true });
    const row = { ...measured, workload: workload.id, tool, recordsPerSec: rows / measured.wallSec };
    results.push(row);
    all.push(row);
  }
  return all.reduce((fastest, row) => (row.wallSec < fastest.wallSec ? row : fastest));
}

function idsync(workload: Workload, output: string): readonly [string, ...string[]] {
  const flow = path.join(folder, `${workload.id}.json`);
  writeFileSync(
    flow,
    JSON.stringify(workload.flow({ input: `${data}.${workload.input}`, folder: path.dirname(output), endpoint: endpoint.url })),
  );
  return [process.execPath, path.join(import.meta.dirname, '../bin/idsync.mjs'), 'run', flow, '--full', '--log-level', 'error'];
}

async function startEndpoint(): Promise<{ url: string; stop(): void }> {
  const child = fork(path.join(import.meta.dirname, 'refusing-endpoint.ts'), { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  const port = await new Promise<string>((resolve) => {
    child.stdout?.setEncoding('utf8').once('data', (line: string) => resolve(line.trim()));
  });
  return { url: `http://127.0.0.1:${port}/accounts`, stop: () => child.kill() };
}
