import { type DataRecord, isDataRecord, type Json, pause, RecordError, RetryableError, retriedRead } from '#dataflow';
import type { Api } from '../http-api.ts';
import type { NetworkContext } from '../network.ts';

/** How a bulk activity ended; it does not tell which contacts were left out. */
export interface ActivityOutcome {
  /** Contacts that were not added to the list. */
  failed: number;
  /** What the platform says about them. */
  messages: string[];
  /** When it was begun, by the platform's clock. */
  created: Date | undefined;
}

const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/** Asks for an activity until it has ended. Throws RecordError when it failed, RetryableError when it was cancelled or took too long. */
export async function activityOutcome(api: Api, begun: DataRecord, context: NetworkContext): Promise<ActivityOutcome> {
  const path = `activities/${encodeURIComponent(String(begun.activity_id))}`;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    await pause(pauseMs, context.signal);
    const { json } = await retriedRead(() => api.call({ path }), context);
    const activity = isDataRecord(json) ? json : {};
    const messages = Array.isArray(activity.activity_errors) ? activity.activity_errors.map(messageOf) : [];
    const said = messages.length === 0 ? '' : `: ${messages.join('; ').replace(/\.$/, '')}`;
    if (activity.state === 'completed') return { failed: failedOf(activity.status), messages, created: createdOf(begun) };
    if (activity.state === 'failed') throw new RecordError(`The bulk activity failed${said}.`, { code: 'targetRefused' });
    if (activity.state === 'cancelled' || activity.state === 'timed_out')
      throw new RetryableError(`The bulk activity was ${activity.state === 'cancelled' ? 'cancelled' : 'too slow'}${said}.`, {
        code: 'targetRefused',
      });
    context.log.debug(`The activity is ${String(activity.state)}, ${Number(activity.percent_done ?? 0)} % done.`);
  }
}

function failedOf(status: Json | undefined): number {
  if (!isDataRecord(status)) return 0;
  return ['error_count', 'correctable_count', 'cannot_add_to_list_count'].reduce((sum, name) => sum + Number(status[name] ?? 0), 0);
}

function createdOf({ created_at: at }: DataRecord): Date | undefined {
  const created = new Date(typeof at === 'string' ? at : Number.NaN);
  return Number.isNaN(created.getTime()) ? undefined : created;
}

const messageOf = (message: Json): string => (isDataRecord(message) ? String(message.message) : String(message));
