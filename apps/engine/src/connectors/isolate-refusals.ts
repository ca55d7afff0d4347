import { type DataRecord, FatalError, RecordError, RetryableError, type StepContext, tellRetry, withRetries } from '#dataflow';

/** Some records of a call, and what the platform answered to them. */
export interface DeliveredPart<A> {
  records: DataRecord[];
  answer: A;
}

export interface IsolationContext extends Pick<StepContext, 'signal' | 'log' | 'reject'> {
  /** False for a refusal that concerns all records of a call alike, so that they are rejected together; always true when not given. */
  splits?(refusal: RecordError): boolean;
}

/**
 * Sends records in one call. When the platform refuses the call as a whole (RecordError) it is halved until the records at
 * fault stand alone; those are rejected with the platform's error and all others are delivered. One bad record among n takes
 * at most 2·log2(n)+1 calls.
 *
 * A passing fault is left to the runtime, which repeats the whole batch, as long as nothing of it is settled. After that it
 * is repeated here, because the runtime would send again what was delivered; when the tries are used up the job fails, or
 * the records are rejected when the fault may lie in them (`ofRecords`).
 */
export async function isolateRefusals<A>(
  records: DataRecord[],
  send: (records: DataRecord[]) => Promise<A>,
  { signal, log, reject, splits = () => true }: IsolationContext,
): Promise<DeliveredPart<A>[]> {
  const parts: DeliveredPart<A>[] = [];
  const waiting = [records];
  let settled = false;
  const repeated = (part: DataRecord[]) => withRetries(() => send(part), { signal, onRetry: tellRetry(log) });
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    const sending = part;
    try {
      parts.push({ records: sending, answer: await (settled ? repeated(sending) : send(sending)) });
      settled = true;
    } catch (thrown) {
      if (thrown instanceof RecordError && sending.length > 1 && splits(thrown)) waiting.push(...halves(sending));
      else if (thrown instanceof RecordError || (settled && thrown instanceof RetryableError && thrown.ofRecords)) {
        for (const record of sending) reject(record, thrown);
        settled = true;
      } else throw settled && thrown instanceof RetryableError ? givenUp(thrown) : thrown;
    }
  }
  return parts;
}

/** The later half first: the last of the waiting parts is sent next, so the order of the records is kept. */
function halves(records: DataRecord[]): DataRecord[][] {
  const middle = Math.ceil(records.length / 2);
  return [records.slice(middle), records.slice(0, middle)];
}

/** Not retryable any more: the runtime would send again what was delivered. */
const givenUp = ({ message, code, details, cause }: RetryableError): FatalError =>
  new FatalError(`${message} It was tried again until the tries were used up; run the job again later.`, { code, details, cause });
