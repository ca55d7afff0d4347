import { createHash } from 'node:crypto';
import type { JsonObject } from '../../json.ts';
import type { Journal } from './journal.ts';

/** Somebody known by a mail address. */
export interface LiteAccount extends JsonObject {
  email: string;
  UID: string;
}

/** What accounts.deleteLiteAccount is told, and emailAccounts shows as `token`: the same for an address at all times. */
export const emailTokenOf = (email: string): string =>
  createHash('sha256').update(`email ${email.toLowerCase()}`).digest('hex').slice(0, 40);

/** The site's lite accounts by mail address, in any letter case. A row keeps its number when its account is gone. */
export class LiteStore {
  readonly #rows: (LiteAccount | undefined)[] = [];
  readonly #rowByEmail = new Map<string, number>();
  readonly #rowByUid = new Map<string, number>();
  readonly #emailByToken = new Map<string, string>();
  readonly #journal: Journal | undefined;

  constructor(journal: Journal | undefined) {
    for (const { key, value } of journal?.takeEntries('lite') ?? []) if (value) this.#put(key, value as LiteAccount);
    this.#journal = journal;
  }

  get rowCount(): number {
    return this.#rows.length;
  }

  at(row: number): LiteAccount | undefined {
    return this.#rows[row];
  }

  get(email: string): LiteAccount | undefined {
    const row = this.#rowByEmail.get(email.toLowerCase());
    return row === undefined ? undefined : this.#rows[row];
  }

  rowsOfEmails(emails: readonly string[]): number[] {
    return emails.map((email) => this.#rowByEmail.get(email.toLowerCase())).filter((row) => row !== undefined);
  }

  rowsOfUids(uids: readonly string[]): number[] {
    return uids.map((uid) => this.#rowByUid.get(uid)).filter((row) => row !== undefined);
  }

  put(account: LiteAccount): void {
    const email = account.email.toLowerCase();
    this.#put(email, account);
    this.#journal?.append({ kind: 'lite', key: email, value: account });
  }

  /** False when there is no lite account with this token. */
  removeByToken(token: string): boolean {
    const email = this.#emailByToken.get(token);
    const row = email === undefined ? undefined : this.#rowByEmail.get(email);
    if (email === undefined || row === undefined) return false;
    this.#rows[row] = undefined;
    this.#rowByEmail.delete(email);
    this.#emailByToken.delete(token);
    this.#journal?.append({ kind: 'lite', key: email, value: null });
    return true;
  }

  #put(email: string, account: LiteAccount): void {
    const row = this.#rowByEmail.get(email) ?? this.#rows.length;
    this.#rows[row] = account;
    this.#rowByEmail.set(email, row);
    this.#rowByUid.set(account.UID, row);
    this.#emailByToken.set(emailTokenOf(email), email);
  }
}
