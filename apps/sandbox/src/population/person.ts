import { Dice } from './dice.ts';
import { domains, firstNames, lastNames, type Place, places, tiers } from './words.ts';

const dayMs = 86_400_000;

/** The share of accounts whose lastUpdated lies within the 24 hours before the population's epoch. */
export const recentShare = 0.05;
const yearsOfHistory = 8;

const plainFirstNames = firstNames.map(plain);
const plainLastNames = lastNames.map(plain);

/** What all parts of one generated account agree on. Each fact is worked out when first asked for. */
export class Person {
  readonly index: number;
  readonly #world: World;
  #uid: string | undefined;
  #names: Names | undefined;
  #times: AccountTimes | undefined;
  #createdText: string | undefined;
  #email: string | undefined | null = null;

  constructor(index: number, world: World) {
    this.index = index;
    this.#world = world;
  }

  dice(topic: number): Dice {
    return new Dice(this.#world.seed, this.index, topic);
  }

  get uid(): string {
    this.#uid ??= this.#world.uidOf(this.index);
    return this.#uid;
  }

  get names(): Names {
    if (!this.#names) {
      const dice = this.dice(1);
      this.#names = { first: dice.below(firstNames.length), last: dice.below(lastNames.length) };
    }
    return this.#names;
  }

  get firstName(): string {
    return firstNames[this.names.first] ?? firstNames[0];
  }

  get lastName(): string {
    return lastNames[this.names.last] ?? lastNames[0];
  }

  get place(): Place {
    return this.dice(2).pick(places);
  }

  get tier(): string {
    return this.dice(3).pick(tiers);
  }

  /** Three in a hundred have a user name only. */
  get email(): string | undefined {
    if (this.#email === null) this.#email = this.#makeEmail();
    return this.#email;
  }

  get username(): string | undefined {
    if (this.email !== undefined && !this.dice(5).chance(0.25)) return undefined;
    return `${plainFirstNames[this.names.first] || 'member'}_${this.index.toString(36)}`;
  }

  get isVerified(): boolean {
    return this.dice(6).chance(0.85);
  }

  get times(): AccountTimes {
    this.#times ??= timesOf(this.dice(7), this.#world.epoch);
    return this.#times;
  }

  get createdText(): string {
    this.#createdText ??= new Date(this.times.created).toISOString();
    return this.#createdText;
  }

  #makeEmail(): string | undefined {
    const dice = this.dice(4);
    if (dice.chance(0.03)) return undefined;
    const { first, last } = this.names;
    const local = [plainFirstNames[first], plainLastNames[last]].filter((part) => part).join('.') || 'member';
    return `${local}.${this.index.toString(36)}@${dice.pick(domains)}`;
  }
}

/** What the people of one population share. `epoch` in milliseconds since 1970. */
export interface World {
  seed: number;
  epoch: number;
  uidOf(index: number): string;
}

/** Places in the lists of names. */
interface Names {
  first: number;
  last: number;
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
