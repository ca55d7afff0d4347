import { type Account, identityKeysOf, loginIdsOf } from '../../population/account.ts';
import type { Population } from '../../population/population.ts';
import type { Journal } from './journal.ts';
import { SearchIndex } from './search-index.ts';

export interface AccountStoreOptions {
  population: Population;
  /** Keeps the changes over restarts. */
  journal?: Journal | undefined;
  indexDelayMs: number;
  clock: () => number;
}

/** The site's accounts: the generated population with the changes made to it on top. Accounts given out must not be changed in place. */
export class AccountStore {
  readonly index: SearchIndex;
  readonly #population: Population;
  readonly #journal: Journal | undefined;
  readonly #changed = new Map<string, Account | null>();
  readonly #loginOwners = new Map<string, string>();
  readonly #identityOwners = new Map<string, string>();
  #count: number;

  constructor({ population, journal, indexDelayMs, clock }: AccountStoreOptions) {
    this.#population = population;
    this.#count = population.size;
    this.index = new SearchIndex(population, { delayMs: indexDelayMs, clock });
    for (const { key, value } of journal?.takeEntries('account') ?? []) this.#set(key, value as Account | null, true);
    this.#journal = journal;
  }

  get count(): number {
    return this.#count;
  }

  get(uid: string): Account | undefined {
    const changed = this.#changed.get(uid);
    if (changed !== undefined) return changed ?? undefined;
    const index = this.#population.indexOf(uid);
    return index === undefined ? undefined : this.#population.accountAt(index);
  }

  put(account: Account): void {
    this.#set(account.UID, account, false);
  }

  remove(uid: string): void {
    this.#set(uid, null, false);
  }

  /** The account that signs in with this user name or mail address. */
  ownerOf(loginId: string): string | undefined {
    const name = loginId.toLowerCase();
    const owner = this.#loginOwners.get(name);
    if (owner !== undefined) return owner;
    const index = this.#population.indexOfLogin(name);
    if (index === undefined) return undefined;
    const uid = this.#population.uidOf(index);
    const account = this.get(uid);
    return account && loginIdsOf(account).includes(name) ? uid : undefined;
  }

  /** The account that a social identity belongs to; see identityKeysOf. Generated accounts have none. */
  ownerOfIdentity(key: string): string | undefined {
    return this.#identityOwners.get(key);
  }

  #set(uid: string, account: Account | null, fromJournal: boolean): void {
    const before = this.get(uid);
    for (const id of before ? loginIdsOf(before) : []) this.#loginOwners.delete(id);
    for (const id of account ? loginIdsOf(account) : []) this.#loginOwners.set(id, uid);
    for (const key of before ? identityKeysOf(before) : []) this.#identityOwners.delete(key);
    for (const key of account ? identityKeysOf(account) : []) this.#identityOwners.set(key, uid);
    this.#count += (account ? 1 : 0) - (before ? 1 : 0);
    this.#changed.set(uid, account);
    this.index.note(uid, account, fromJournal);
    this.#journal?.append({ kind: 'account', key: uid, value: account });
  }
}
