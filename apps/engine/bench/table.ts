import type { Ratios } from './baseline.ts';
import type { Measurement } from './measure.ts';

export interface Row extends Measurement {
  workload: string;
  tool: string;
  recordsPerSec: number;
}

export function printHead({ id, title }: { id: string; title: string }): void {
  console.log(`${id}: ${title}`);
  const names = ['records/s', 'wall s', 'CPU s', 'peak MB', 'wall', 'CPU'].map((name) => name.padStart(11));
  console.log(`  ${'tool'.padEnd(12)}${names.join('')}   (the last two: idsync = 1)`);
}

export function printRow(row: Row, ours: Row): void {
  const cells = [
    Math.round(row.recordsPerSec).toLocaleString('en-US'),
    row.wallSec.toFixed(2),
    row.cpuSec.toFixed(2),
    row.peakMb.toFixed(0),
    (row.wallSec / ours.wallSec).toFixed(2),
    (row.cpuSec / ours.cpuSec).toFixed(2),
  ];
  console.log(`  ${row.tool.padEnd(12)}${cells.map((cell) => cell.padStart(11)).join('')}`);
}

/** All rows as a table of a Markdown page. */
export function markdownTable(rows: readonly Row[]): string {
  const lines = rows.map((row) => {
    const ours = rows.find((other) => other.workload === row.workload && other.tool === 'idsync') ?? row;
    const perSec = (Math.round(row.recordsPerSec / 1000) * 1000).toLocaleString('en-US');
    const [wall, cpu] = [row.wallSec / ours.wallSec, row.cpuSec / ours.cpuSec].map((ratio) => ratio.toFixed(2));
    return `| ${row.workload} | ${row.tool} | ${perSec} | ${row.cpuSec.toFixed(1)} | ${row.peakMb.toFixed(0)} | ${wall} | ${cpu} |`;
  });
  return [
    '| workload | tool | records/s | CPU s | peak MB | time, idsync = 1 | CPU, idsync = 1 |',
    '|---|---|---:|---:|---:|---:|---:|',
    ...lines,
    '',
  ].join('\n');
}

export function ratiosOf(rows: readonly Row[]): Ratios {
  const ratios: Ratios = {};
  for (const ours of rows.filter(({ tool }) => tool === 'idsync')) {
    const peers = rows.filter(({ workload, tool }) => workload === ours.workload && tool !== 'idsync');
    ratios[ours.workload] = Object.fromEntries(
      peers.map((peer) => [peer.tool, { wall: round(ours.wallSec / peer.wallSec), cpu: round(ours.cpuSec / peer.cpuSec) }]),
    );
  }
  return ratios;
}

const round = (ratio: number) => Math.round(ratio * 1000) / 1000;
