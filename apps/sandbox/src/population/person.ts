import { Dice } from './dice.ts';
import { domains, firstNames, lastNames, type Place, places, tiers } from './words.ts';

const dayMs = 86_400_000;

/** The share of accounts whose lastUpdated lies within the 24 hours before the population's epoch. */
export const recentShare = 0.05;
const yearsOfHistory = 8;

/** What all parts of one generated account agree on. Each fact is worked out when first asked for. */
export class Person {
  readonly index: number;
  readonly uid: string;
  readonly #seed: number;
  readonly #epoch: number;
  #names: { first: string; last: string } | undefined;
  #times: AccountTimes | undefined;

  constructor(place: { index: number; uid: string; seed: number; epoch: number }) {
    this.index = place.index;
    this.uid = place.uid;
    this.#seed = place.seed;
    this.#epoch = place.epoch;
  }

  dice(topic: number): Dice {
    return new Dice(this.#seed, this.index, topic);
  }

  get names(): { first: string; last: string } {
    if (!this.#names) {
      const dice = this.dice(1);
      this.#names = { first: dice.pick(firstNames), last: dice.pick(lastNames) };
    }
    return this.#names;
  }

  get place(): Place {
    return this.dice(2).pick(places);
  }

  get tier(): string {
    return this.dice(3).pick(tiers);
  }

  /** Three in a hundred have a user name only. */
  get email(): string | undefined {
    const dice = this.dice(4);
    if (dice.chance(0.03)) return undefined;
    const { first, last } = this.names;
    const local = [plain(first), plain(last)].filter((part) => part !== '').join('.') || 'member';
    return `${local}.${this.index.toString(36)}@${dice.pick(domains)}`;
  }

  get username(): string | undefined {
    if (this.email !== undefined && !this.dice(5).chance(0.25)) return undefined;
    return `${plain(this.names.first) || 'member'}_${this.index.toString(36)}`;
  }

  get isVerified(): boolean {
    return this.dice(6).chance(0.85);
  }

  get times(): AccountTimes {
    this.#times ??= timesOf(this.dice(7), this.#epoch);
    return this.#times;
  }
}

/** Milliseconds since 1970. */
export interface AccountTimes {
  created: number;
  lastUpdated: number;
  lastLogin: number | undefined;
}

function timesOf(dice: Dice, epoch: number): AccountTimes {
  const dayBefore = epoch - dayMs;
  const created = Math.floor(dayBefore - dice.next() * (yearsOfHistory * 365 - 1) * dayMs);
  const lastUpdated = Math.floor(
    dice.chance(recentShare) ? epoch - dice.next() * (dayMs - 1000) : created + dice.next() * (dayBefore - created),
  );
  const lastLogin = dice.chance(0.9) ? Math.floor(created + dice.next() * (lastUpdated - created)) : undefined;
  return { created, lastUpdated, lastLogin };
}

/** The letters a to z of a name, for addresses. */
function plain(name: string): string {
  return name
    .normalize('NFKD')
    .replaceAll('ł', 'l')
    .replaceAll('Ł', 'l')
    .replaceAll('ø', 'o')
    .replaceAll('ß', 'ss')
    .toLowerCase()
    .replace(/[^a-z]/g, '');
}
