import { randomBytes } from 'node:crypto';
import type { DataRecord } from '#dataflow';
import type { GigyaConnection, GigyaParams } from './client.ts';
import { type GigyaAnswer, RefusedCall } from './outcome.ts';
import { idText, recordParams } from './record-params.ts';

const IDENTIFIER_EXISTS = 400003;

/** A UID that we gave to a record without one, and how often it was sent. */
interface OwnUid {
  uid: string;
  tries: number;
}

/**
 * Imports accounts. A record without a UID gets one of ours, the same at each try, so that a try whose answer was lost
 * does not leave a second account behind.
 */
export class AccountImports {
  readonly #gigya: GigyaConnection;
  readonly #options: GigyaParams;
  readonly #ownUids = new WeakMap<DataRecord, OwnUid>();

  /** `options`: parameters of every call, such as importPolicy. */
  constructor(gigya: GigyaConnection, options: GigyaParams) {
    this.#gigya = gigya;
    this.#options = options;
  }

  async importOne(record: DataRecord): Promise<GigyaAnswer> {
    const { createUID: _, ...params } = recordParams(record);
    const own = idText(params.UID) === undefined ? this.#ownUidOf(record) : undefined;
    const sent = { ...params, ...(own ? { UID: own.uid } : {}), ...this.#options };
    try {
      return await this.#gigya.call('accounts.importFullAccount', sent, { ofRecord: true });
    } catch (thrown) {
      const answer = own && own.tries > 1 && isTaken(thrown) ? await this.#importedBefore(own.uid) : undefined;
      if (answer) return answer;
      throw thrown;
    }
  }

  #ownUidOf(record: DataRecord): OwnUid {
    const own = this.#ownUids.get(record) ?? { uid: randomBytes(16).toString('hex'), tries: 0 };
    own.tries++;
    this.#ownUids.set(record, own);
    return own;
  }

  /** The answer that was lost, when an account has the UID that only we can have given. */
  async #importedBefore(UID: string): Promise<GigyaAnswer | undefined> {
    try {
      await this.#gigya.read('accounts.getAccountInfo', { UID });
      return { errorCode: 0, UID };
    } catch (thrown) {
      if (thrown instanceof RefusedCall) return undefined;
      throw thrown;
    }
  }
}

const isTaken = (thrown: unknown): boolean => thrown instanceof RefusedCall && thrown.code === IDENTIFIER_EXISTS;
