import { createHash } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import { Dice } from '../../population/dice.ts';
import { dayMs, isoOf, type SeedWorld } from './seed-world.ts';

const levels = ['Newcomer', 'Regular', 'Expert', 'Master'] as const;
const pointsPerLevel = 500;

/** The challenges of the site: id and name. `_default` is the platform's own. */
const challenges: Readonly<Record<string, string>> = { _default: 'Community', explorer: 'Explorer', reviewer: 'Reviewer' };

export const challengeIds: readonly string[] = Object.keys(challenges);

/**
 * How far each account is in each challenge. The platform's pages name the parameters of the call and the list
 * `achievements`; the fields of its entries follow what the Achievements add-on shows.
 */
export class ChallengeStates {
  readonly #world: SeedWorld;

  constructor(world: SeedWorld) {
    this.#world = world;
  }

  /** One entry for each challenge, always the same for an account. `full` adds what the next level needs. */
  achievementsOf(uid: string, { challengeIds: wanted, full }: { challengeIds: readonly string[]; full: boolean }): JsonObject[] {
    const number = createHash('sha256').update(uid).digest().readUInt32BE(0);
    return wanted.map((challengeID) => {
      const dice = new Dice(this.#world.seed, number, challengeIds.indexOf(challengeID), 0x6a3);
      const pointsTotal = dice.below(pointsPerLevel * levels.length);
      const level = Math.floor(pointsTotal / pointsPerLevel);
      const unlockedMs = this.#world.epoch - dice.below(300) * dayMs;
      return {
        challengeID,
        challengeName: challenges[challengeID],
        level,
        levelTitle: levels[level],
        badgeURL: `https://www.example.com/badges/${challengeID}/${level}.png`,
        pointsTotal,
        points7Days: Math.min(pointsTotal, dice.below(60)),
        unlockedAt: isoOf(unlockedMs),
        ...(full ? { pointsToNextLevel: (level + 1) * pointsPerLevel - pointsTotal, nextLevelTitle: levels[level + 1] ?? null } : {}),
      };
    });
  }
}
