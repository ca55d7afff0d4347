import { compileGet, type DataRecord, type RecordError } from '#dataflow';
import type { GigyaConnection } from './client.ts';
import { completeAccounts, needsAccountInfo } from './complete-accounts.ts';
import { findAccounts } from './find-accounts.ts';
import { LookupMatcher } from './lookup-matches.ts';
import { fieldsToAdd, mergeFound } from './lookup-merge.ts';
import { type LookupPair, lookupCondition, type Wanted, wantedBy } from './lookup-query.ts';
import { parseSelectList, type SelectColumn } from './select-list.ts';
import { nullFiller, type Shaper } from './shape-record.ts';

export interface LookupSettings {
  select: string;
  from: 'accounts' | 'emailAccounts';
  lookupFields: readonly { sourceField: string; gigyaField: string }[];
  lookupFieldsOperator: 'OR' | 'AND';
  isCaseSensitive: boolean;
  handleFieldConflicts: 'take_lookup' | 'take_source';
  maxConcurrency: number;
}

/** The accounts that fit a record, or why they could not be looked up. */
export type LookupMatch = DataRecord[] | Error;

/** Looks up the accounts of many records at once. */
export class AccountLookup {
  readonly #gigya: GigyaConnection;
  readonly #settings: LookupSettings;
  readonly #pairs: readonly LookupPair[];
  /** Columns that accounts.getAccountInfo gives. */
  readonly #completed: readonly SelectColumn[];
  readonly #head: string;
  readonly #removeAdded: (account: DataRecord) => void;
  readonly #fillers: readonly Shaper[];

  constructor(gigya: GigyaConnection, settings: LookupSettings) {
    const { select, from, lookupFields, isCaseSensitive } = settings;
    this.#gigya = gigya;
    this.#settings = settings;
    this.#pairs = lookupFields.map(({ sourceField, gigyaField }) => ({
      sourceOf: compileGet(sourceField),
      field: gigyaField,
      isCaseless: !isCaseSensitive && gigyaField !== 'UID',
    }));
    const columns = parseSelectList(select);
    this.#completed = from === 'accounts' ? columns.filter(needsAccountInfo) : [];
    const searched = columns.filter((column) => !this.#completed.includes(column));
    const needed = [...this.#pairs.map(({ field }) => field), ...(this.#completed.length > 0 ? ['UID'] : [])];
    const { added, remove } = fieldsToAdd(searched, needed);
    this.#head = `SELECT ${[...searched.map(({ text }) => text), ...added].join(', ')} FROM ${from}`;
    this.#removeAdded = remove;
    this.#fillers = columns.filter(({ target }) => target !== '*').map(({ target }) => nullFiller(target));
  }

  /** By place of the record. */
  async matchesOf(records: readonly DataRecord[]): Promise<LookupMatch[]> {
    const { lookupFieldsOperator: operator } = this.#settings;
    const wanted = records.map((record) => wantedBy(record, this.#pairs, operator));
    const asking = wanted.flatMap((values, record) => (values ? [{ record, values }] : []));
    const { accounts, refused } = await findAccounts(this.#gigya, asking, {
      head: this.#head,
      conditionOf: (asked) =>
        lookupCondition(
          asked.map(({ values }) => values),
          this.#pairs,
          operator,
        ),
    });
    const matches = await this.#given(accounts, wanted);
    for (const { asked, error } of refused) matches[asked.record] = error;
    return matches;
  }

  merge(record: DataRecord, found: DataRecord): void {
    mergeFound(record, found, this.#settings.handleFieldConflicts === 'take_lookup');
  }

  /** Gives each account, complete and shaped, to the records that it fits. */
  async #given(accounts: DataRecord[], wanted: readonly (Wanted | undefined)[]): Promise<LookupMatch[]> {
    const matcher = new LookupMatcher(wanted, this.#pairs, this.#settings.lookupFieldsOperator);
    const fitting = accounts
      .map((account) => ({ account, records: matcher.recordsFor(account) }))
      .filter(({ records }) => records.size > 0);
    const failures = await this.#complete(fitting.map(({ account }) => account));
    const matches: LookupMatch[] = wanted.map(() => []);
    for (const { account, records } of fitting) {
      const failure = failures.get(account);
      this.#removeAdded(account);
      for (const fill of this.#fillers) fill(account);
      for (const record of records) {
        const match = matches[record];
        if (failure) matches[record] = failure;
        else if (Array.isArray(match)) match.push(account);
      }
    }
    return matches;
  }

  async #complete(accounts: DataRecord[]): Promise<Map<DataRecord, Error>> {
    const failures = new Map<DataRecord, Error>();
    if (this.#completed.length === 0) return failures;
    await completeAccounts(this.#gigya, accounts, {
      columns: this.#completed,
      concurrency: this.#settings.maxConcurrency,
      reject: (account, error) => failures.set(account, error as RecordError),
    });
    return failures;
  }
}
