import { isObject, type Json, type JsonObject } from '../../json.ts';
import { type Account, listOf } from '../../population/account.ts';
import type { Population } from '../../population/population.ts';

interface Noted {
  at: number;
  uid: string;
  account: Account | null;
}

/**
 * The accounts as a search sees them: a write shows `delayMs` after it was made. Every account has a row number
 * that never changes, so a cursor can hold rows instead of accounts.
 */
export class SearchIndex {
  readonly #population: Population;
  readonly #delayMs: number;
  readonly #clock: () => number;
  readonly #changedRows = new Map<number, Account | null>();
  readonly #addedRows = new Map<string, number>();
  /** Rows of changed accounts by the mail addresses they have, in lower case. */
  readonly #rowsByAddress = new Map<string, Set<number>>();
  #waiting: Noted[] = [];

  constructor(population: Population, { delayMs, clock }: { delayMs: number; clock: () => number }) {
    this.#population = population;
    this.#delayMs = delayMs;
    this.#clock = clock;
  }

  note(uid: string, account: Account | null, atOnce: boolean): void {
    const noted = { at: this.#clock() + this.#delayMs, uid, account };
    if (atOnce || this.#delayMs === 0) this.#show(noted);
    else this.#waiting.push(noted);
  }

  /** Takes up the writes whose delay is over; to be called before a search. Returns the number of rows. */
  refresh(): number {
    const now = this.#clock();
    const due = this.#waiting.findIndex(({ at }) => at > now);
    const ready = due === -1 ? this.#waiting : this.#waiting.slice(0, due);
    this.#waiting = due === -1 ? [] : this.#waiting.slice(due);
    for (const noted of ready) this.#show(noted);
    return this.#population.size + this.#addedRows.size;
  }

  /** The account in a row, nothing when it was deleted. With `fields` a generated account carries only these; a changed one is whole. */
  accountAt(row: number, fields?: ReadonlySet<string>): JsonObject | undefined {
    const changed = this.#changedRows.get(row);
    if (changed !== undefined) return changed ?? undefined;
    if (row >= this.#population.size) return undefined;
    return fields ? this.#population.fieldsAt(row, fields) : this.#population.accountAt(row);
  }

  rowOf(uid: string): number | undefined {
    return this.#population.indexOf(uid) ?? this.#addedRows.get(uid);
  }

  rowsOfUids(uids: readonly string[]): number[] {
    return uids.map((uid) => this.rowOf(uid)).filter((row) => row !== undefined);
  }

  /** The rows whose account may have one of these mail addresses, in any letter case. */
  rowsOfLogins(addresses: readonly string[]): number[] {
    const generated = addresses.map((address) => this.#population.indexOfLogin(address)).filter((row) => row !== undefined);
    const changed = addresses.flatMap((address) => [...(this.#rowsByAddress.get(address.toLowerCase()) ?? [])]);
    return [...generated, ...changed];
  }

  #show({ uid, account }: Noted): void {
    let row = this.rowOf(uid);
    if (row === undefined) {
      row = this.#population.size + this.#addedRows.size;
      this.#addedRows.set(uid, row);
    }
    for (const address of addressesOf(this.#changedRows.get(row))) this.#rowsByAddress.get(address)?.delete(row);
    this.#changedRows.set(row, account);
    for (const address of addressesOf(account)) {
      const rows = this.#rowsByAddress.get(address) ?? new Set();
      this.#rowsByAddress.set(address, rows.add(row));
    }
  }
}

function addressesOf(account: Account | null | undefined): string[] {
  if (!account) return [];
  const inside = (group: Json | undefined, name: string) => (isObject(group) ? listOf(group[name]) : []);
  const { profile, loginIDs, emails } = account;
  return [
    ...inside(profile, 'email'),
    ...inside(loginIDs, 'emails'),
    ...inside(loginIDs, 'unverifiedEmails'),
    ...inside(emails, 'verified'),
    ...inside(emails, 'unverified'),
  ].map((address) => String(address).toLowerCase());
}
