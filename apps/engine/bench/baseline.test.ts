import { expect, it } from 'vitest';
import { lossesAgainst } from './baseline.ts';

const ratios = (wall: number, cpu: number) => ({ W1: { Miller: { wall, cpu }, DuckDB: { wall: 2 * wall, cpu } } });

it('a loss of more than a tenth is told, with the workload and the kind of time', () => {
  expect(lossesAgainst(ratios(1, 1), ratios(1.05, 1.2))).toEqual(['W1 takes 20 % more CPU time than at the baseline']);
  expect(lossesAgainst(ratios(1, 1), ratios(1.5, 0.8))).toEqual(['W1 takes 50 % more wall time than at the baseline']);
  expect(lossesAgainst(ratios(1, 1), ratios(1.09, 0.5))).toEqual([]);
});

it('workloads and peers that were not measured before decide nothing', () => {
  const now = { W1: { Polars: { wall: 9, cpu: 9 }, Miller: { wall: 1, cpu: 1 } }, W9: { Miller: { wall: 9, cpu: 9 } } };
  expect(lossesAgainst(ratios(1, 1), now)).toEqual([]);
});
