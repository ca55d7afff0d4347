import type { JsonObject } from '../../json.ts';
import type { Parameters } from '../parameters.ts';
import type { Cursors } from '../search/cursors.ts';
import type { AccountStore } from '../store/account-store.ts';
import type { UidLimits } from '../uid-limits.ts';

/** What the methods work on. */
export interface SiteState {
  accounts: AccountStore;
  cursors: Cursors;
  imports: UidLimits;
  dynamicSchema: boolean;
  clock: () => number;
}

/** One API method: the fields of its answer, or an ApiError thrown. */
export interface Method {
  name: string;
  /** Writes to one account count as parallel calls on its UID. */
  writes: boolean;
  handle(params: Parameters, site: SiteState): JsonObject | Promise<JsonObject>;
}
