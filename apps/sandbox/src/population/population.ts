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
  /** Only the named top-level fields are made, all without `fields`. */
  accountAt(index: number, fields?: ReadonlySet<string>): Account;
}

const allFields = Object.entries(accountFields);

export function generatePopulation({ size, seed, epoch }: PopulationOptions): Population {
  const scheme = uidScheme(seed);
  const inRange = (index: number | undefined): number | undefined => (index !== undefined && index < size ? index : undefined);
  return {
    size,
    uidOf: scheme.uidOf,
    indexOf: (uid) => inRange(scheme.indexOf(uid)),
    indexOfLogin: (loginId) => {
      const label = /[._]([0-9a-z]+)(?:@example\.(?:com|org|net))?$/.exec(loginId.toLowerCase())?.[1];
      return label === undefined ? undefined : inRange(Number.parseInt(label, 36));
    },
    accountAt: (index, fields) => {
      const person = new Person({ index, uid: scheme.uidOf(index), seed, epoch });
      const account: Account = { UID: person.uid };
      for (const [name, make] of allFields) {
        if (fields && !fields.has(name)) continue;
        const value = make(person);
        if (value !== undefined) account[name] = value;
      }
      return account;
    },
  };
}
