import { randomBytes } from 'node:crypto';
import { compileGet, compileRemove, copyRecord, type DataRecord, isDataRecord, type Json, RecordError } from '#dataflow';
import type { GigyaConnection } from './client.ts';
import type { GigyaAnswer } from './outcome.ts';
import { idText, withNestedNames } from './record-params.ts';

export interface StoreOptions {
  type: string;
  /** Fields of the record; `auto` for the id gives every record a new one. */
  oid: string;
  uid: string;
  updateBehavior: 'arrayPush' | 'arraySet' | 'replace';
}

/** Fields that steps add to a record; they are no part of the object. */
const stepFields = ['_response', '_errorDetails'];

/** Stores records as objects. A record without an id gets one of ours, the same at each try: it is never stored twice. */
export class ObjectStores {
  readonly #gigya: GigyaConnection;
  readonly #options: StoreOptions;
  readonly #getOid: (record: DataRecord) => Json | undefined;
  readonly #getUid: (record: DataRecord) => Json | undefined;
  readonly #removals: ((record: DataRecord) => boolean)[];
  readonly #ownOids = new WeakMap<DataRecord, string>();

  constructor(gigya: GigyaConnection, options: StoreOptions) {
    this.#gigya = gigya;
    this.#options = options;
    this.#getOid = options.oid === 'auto' ? () => undefined : compileGet(options.oid);
    this.#getUid = compileGet(options.uid);
    this.#removals = [options.oid, options.uid, ...stepFields].map(compileRemove);
  }

  async storeOne(record: DataRecord): Promise<GigyaAnswer> {
    const { type, updateBehavior } = this.#options;
    const given = idText(this.#getOid(record));
    const oid = given === undefined || given === 'auto' ? this.#ownOidOf(record) : given;
    const UID = idText(this.#getUid(record));
    // An object of ours that is stored again is whole each time: nothing may be pushed to what a lost try left.
    const behavior = oid === given ? updateBehavior : 'replace';
    return this.#gigya.call('ds.store', { type, oid, UID, data: this.#dataOf(record), updateBehavior: behavior }, { ofRecord: true });
  }

  #ownOidOf(record: DataRecord): string {
    const oid = this.#ownOids.get(record) ?? randomBytes(16).toString('hex');
    this.#ownOids.set(record, oid);
    return oid;
  }

  /** The record's `data` where that is an object, as objects that were read have it; else the record without its keys. */
  #dataOf(record: DataRecord): DataRecord {
    const { data } = record;
    if (isDataRecord(data)) return withNestedNames(data);
    const copy = copyRecord(record);
    for (const remove of this.#removals) remove(copy);
    if (Object.keys(copy).length > 0) return withNestedNames(copy);
    throw new RecordError('The record holds nothing to store besides its keys.', { code: 'invalidRecord' });
  }
}
