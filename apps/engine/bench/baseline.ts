import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Seconds of ours divided by seconds of a peer in the same run: what a faster or slower machine leaves as it is. */
export interface Ratio {
  wall: number;
  cpu: number;
}

/** Workload to peer to ratio. */
export type Ratios = Record<string, Record<string, Ratio>>;

export interface Baseline {
  date: string;
  machine: string;
  rows: number;
  ratios: Ratios;
}

/** More than this is a loss. */
const allowed = 1.1;
const file = path.join(import.meta.dirname, 'baseline.json');

export const readBaseline = (): Baseline | undefined =>
  existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Baseline) : undefined;

/** Workloads that were not run keep the ratios they had. */
export function saveBaseline(baseline: Baseline): void {
  const ratios = { ...readBaseline()?.ratios, ...baseline.ratios };
  writeFileSync(file, `${JSON.stringify({ ...baseline, ratios }, undefined, 2)}\n`);
}

/**
 * What became slower: for each workload the mean change of the ratios to all peers in both, so that one peer that had a bad moment
 * does not decide.
 */
export function lossesAgainst(baseline: Ratios, now: Ratios): string[] {
  return Object.entries(now).flatMap(([workload, peers]) =>
    (['cpu', 'wall'] as const).flatMap((kind) => {
      const before = baseline[workload] ?? {};
      const changes = Object.entries(peers).flatMap(([peer, ratio]) => (before[peer] ? [ratio[kind] / before[peer][kind]] : []));
      const mean = Math.exp(changes.reduce((sum, change) => sum + Math.log(change), 0) / changes.length);
      if (changes.length === 0 || mean <= allowed) return [];
      return [`${workload} takes ${Math.round((mean - 1) * 100)} % more ${kind === 'cpu' ? 'CPU' : 'wall'} time than at the baseline`];
    }),
  );
}
