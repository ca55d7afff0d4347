import type { JsonObject } from '../../json.ts';
import type { Parameters } from '../parameters.ts';
import type { Cursors } from '../search/cursors.ts';
import type { AccountStore } from '../store/account-store.ts';
import type { AuditLog } from '../store/audit-log.ts';
import type { ChallengeStates } from '../store/challenge-states.ts';
import type { CommentStore } from '../store/comment-store.ts';
import type { LiteStore } from '../store/lite-store.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { UidLimits } from '../uid-limits.ts';

/** What the methods work on. */
export interface SiteState {
  accounts: AccountStore;
  lite: LiteStore;
  objects: ObjectStore;
  audit: AuditLog;
  comments: CommentStore;
  challenges: ChallengeStates;
  cursors: Record<'accounts' | 'ds' | 'audit' | 'comments', Cursors>;
  imports: UidLimits;
  dynamicSchema: boolean;
  clock: () => number;
}

/** One API method: the fields of its answer, or an ApiError thrown. */
export interface Method {
  name: string;
  /** Writes to one account count as parallel calls on its UID. */
  writes: boolean;
  /** Calls of it are found in the audit log. */
  audited?: boolean;
  handle(params: Parameters, site: SiteState): JsonObject | Promise<JsonObject>;
}
