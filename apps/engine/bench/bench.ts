/**
 * `npm run bench`: the workloads through the real command line, beside the tools found on this machine, in one run. The output of every tool
 * is checked record by record before its time counts.
 *
 *     --rows 1000000     records
 *     --only W1,W3       some of the workloads
 *     --tools Polars,mawk  some of the peers
 *     --runs 3           the fastest of so many
 *     --peers DIR        where peers that come as packages are; with --install they are put there first
 *     --json FILE        all figures
 *     --markdown FILE    the table of apps/docs/benchmarks.md
 *     --check            compare with baseline.json; exit code 1 when something costs more than 10 % more, measured by the peers
 *     --save-baseline    write baseline.json
 */
import { fork } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { writeAccounts } from './accounts.ts';
import { lossesAgainst, readBaseline, saveBaseline } from './baseline.ts';
import { type Measurement, measure } from './measure.ts';
import { installPeers, type Peer, peersFrom } from './peers/peers.ts';
import { markdownTable, printHead, printRow, type Row, ratiosOf } from './table.ts';
import { verify } from './verify.ts';
import { type Workload, workloads } from './workloads.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    only: { type: 'string' },
    tools: { type: 'string' },
    runs: { type: 'string', default: '1' },
    json: { type: 'string' },
    markdown: { type: 'string' },
    peers: { type: 'string' },
    install: { type: 'boolean', default: false },
    check: { type: 'boolean', default: false },
    'save-baseline': { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const runs = Number(values.runs);
if (values.install && values.peers) installPeers(values.peers);
const wants = (list: string | undefined, name: string) => !list || list.split(',').includes(name);
const peers = peersFrom(values.peers).filter(({ name }) => wants(values.tools, name));
const chosen = workloads.filter(({ id }) => wants(values.only, id));
const machine = `${os.cpus()[0]?.model ?? 'unknown processor'}, ${os.availableParallelism()} cores, Node ${process.versions.node}`;

const folder = mkdtempSync(path.join(os.tmpdir(), 'idsync-bench-'));
const data = path.join(os.tmpdir(), `idsync-bench-accounts-${rows}`);
const endpoint = await startEndpoint();
const best: Row[] = [];
try {
  if (!existsSync(`${data}.csv`)) writeAccounts(rows, data);
  console.log(`${rows.toLocaleString('en-US')} accounts, best of ${runs}, ${machine}\n`);
  for (const workload of chosen) await compare(workload);
} finally {
  endpoint.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (values.json) writeFileSync(values.json, `${JSON.stringify({ rows, runs, machine, best }, undefined, 2)}\n`);
if (values.markdown) writeFileSync(values.markdown, markdownTable(best));
if (values.check) check();
if (values['save-baseline']) saveBaseline({ date: new Date().toISOString().slice(0, 10), machine, rows, ratios: ratiosOf(best) });

async function compare(workload: Workload): Promise<void> {
  printHead(workload);
  const ours = await bestOf(workload, { name: 'idsync', command: (_, { output }) => idsync(workload, output) });
  printRow(ours, ours);
  for (const peer of peers) {
    if (peer.command(workload.id, jobFor(workload, 'x'))) printRow(await bestOf(workload, peer), ours);
  }
  console.log('');
}

function jobFor(workload: Workload, output: string) {
  return { input: `${data}.${workload.input}`, output, endpoint: endpoint.url, rows };
}

async function bestOf(workload: Workload, peer: Peer): Promise<Row> {
  let fastest: Measurement | undefined;
  for (let run = 0; run < runs; run++) {
    const measured = await once(workload, peer, run === 0);
    if (!fastest || measured.wallSec < fastest.wallSec) fastest = measured;
  }
  const row = { ...(fastest as Measurement), workload: workload.id, tool: peer.name };
  best.push({ ...row, recordsPerSec: rows / row.wallSec });
  return best.at(-1) as Row;
}

async function once(workload: Workload, peer: Peer, checked: boolean): Promise<Measurement> {
  const out = path.join(folder, `${workload.id}-${peer.name.replaceAll(' ', '-')}`);
  mkdirSync(out);
  const output = path.join(out, workload.output);
  const [program, ...args] = peer.command(workload.id, jobFor(workload, output)) ?? ['false'];
  const measured = await measure(program, args, { cwd: out });
  if (measured.exitCode !== 0) throw new Error(`${peer.name} failed on ${workload.id}: ${measured.output}`);
  if (checked && !peer.partial) await verify(workload.id, output, rows);
  rmSync(out, { recursive: true });
  return measured;
}

function check(): void {
  const baseline = readBaseline();
  const losses = baseline ? lossesAgainst(baseline.ratios, ratiosOf(best)) : ['There is no baseline.json; make one with --save-baseline'];
  for (const loss of losses) console.error(`${loss}.`);
  if (losses.length > 0) process.exitCode = 1;
  else console.log('Nothing costs more than 10 % more than at the baseline.');
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
