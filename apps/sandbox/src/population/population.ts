import type { Json, JsonObject } from '../json.ts';
import type { Account } from './account.ts';
import { accountFields } from './account-fields.ts';
import { Person } from './person.ts';
import { uidScheme } from './uid-scheme.ts';

/** How many accounts, made from which seed; `epoch` (milliseconds since 1970) is the moment the population is seen from. */
export interface PopulationOptions {
  size: number;
  seed: number;
  epoch: number;
}

/** Accounts that exist only as a rule: each is made when asked for, always the same, and none is kept. */
export interface Population {
  readonly size: number;
  uidOf(index: number): string;
  indexOf(uid: string): number | undefined;
  /** The index whose mail address or user name this can be; whether it is must be seen from the account. */
  indexOfLogin(loginId: string): number | undefined;
  accountAt(index: number): Account;
  /** Only these top-level fields of the account. */
  fieldsAt(index: number, fields: ReadonlySet<string>): JsonObject;
}

interface Maker {
  name: string;
  read(person: Person): Json | undefined;
}

const allFields: Maker[] = Object.entries(accountFields).map(([name, read]) => ({ name, read }));

/** The names of all top-level fields a generated account can have. */
export const generatedFields: ReadonlySet<string> = new Set(allFields.map(({ name }) => name));

export function generatePopulation({ size, seed, epoch }: PopulationOptions): Population {
  const scheme = uidScheme(seed);
  const world = { seed, epoch, uidOf: scheme.uidOf };
  const inRange = (index: number | undefined): number | undefined => (index !== undefined && index < size ? index : undefined);
  return {
    size,
    uidOf: scheme.uidOf,
    indexOf: (uid) => inRange(scheme.indexOf(uid)),
    indexOfLogin: (loginId) => {
      const label = /[._]([0-9a-z]+)(?:@example\.(?:com|org|net))?$/.exec(loginId.toLowerCase())?.[1];
      return label === undefined ? undefined : inRange(Number.parseInt(label, 36));
    },
    accountAt: (index) => fill({ UID: scheme.uidOf(index) }, new Person(index, world), allFields),
    fieldsAt: (index, fields) => fill({}, new Person(index, world), makersOf(fields)),
  };
}

/** In place, because copying an object of this many fields costs as much as making it. */
function fill<Made extends JsonObject>(made: Made, person: Person, makers: readonly Maker[]): Made {
  const fields: JsonObject = made;
  for (const { name, read } of makers) {
    const value = read(person);
    if (value !== undefined) fields[name] = value;
  }
  return made;
}

const chosenFields = new WeakMap<ReadonlySet<string>, Maker[]>();

/** A search asks for the same set of fields again and again, so the choice is made once. */
function makersOf(fields: ReadonlySet<string>): Maker[] {
  let chosen = chosenFields.get(fields);
  if (!chosen) {
    chosen = allFields.filter(({ name }) => fields.has(name));
    chosenFields.set(fields, chosen);
  }
  return chosen;
}
