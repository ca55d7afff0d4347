import type { Population } from '../../population/population.ts';

/** What seeded objects, events and comments are made from; the same world always gives the same ones. */
export interface SeedWorld {
  population: Population;
  seed: number;
  /** The moment everything is seen from, in milliseconds since 1970. */
  epoch: number;
}

export const dayMs = 86_400_000;

export const isoOf = (timeMs: number): string => new Date(timeMs).toISOString();

/** UID of one of the people of the population, or nothing when there are none. */
export const someUid = ({ population }: SeedWorld, index: number): string | undefined =>
  population.size === 0 ? undefined : population.uidOf(index % population.size);
