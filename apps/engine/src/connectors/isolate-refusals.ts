import { type DataRecord, FatalError, RecordError, RetryableError, type StepContext, tellRetry, withRetries } from '#dataflow';

/** Some records of a call, and what the platform answered to them. */
export interface DeliveredPart<A> {
  records: DataRecord[];
  answer: A;
}

/**
 * Sends records in one call. When the platform refuses the call as a whole (RecordError) it is halved until the records at
 * fault stand alone; those are rejected with the platform's error and all others are delivered. One bad record among n takes
 * at most 2·log2(n)+1 calls.
 *
 * A call that fails for a passing reason is repeated here and not by the runtime, because other parts of the batch may have
 * been delivered already. When its tries are used up the job fails; a fault of these very records (`ofRecords`) only rejects
 * them.
 */
export async function isolateRefusals<A>(
  records: DataRecord[],
  send: (records: DataRecord[]) => Promise<A>,
  { signal, log, reject }: Pick<StepContext, 'signal' | 'log' | 'reject'>,
): Promise<DeliveredPart<A>[]> {
  const parts: DeliveredPart<A>[] = [];
  const waiting = [records];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    const sending = part;
    try {
      parts.push({ records: sending, answer: await withRetries(() => send(sending), { signal, onRetry: tellRetry(log) }) });
    } catch (thrown) {
      if (thrown instanceof RecordError && sending.length > 1) waiting.push(...halves(sending));
      else if (thrown instanceof RecordError || (thrown instanceof RetryableError && thrown.ofRecords)) {
        for (const record of sending) reject(record, thrown);
      } else throw thrown instanceof RetryableError ? givenUp(thrown) : thrown;
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
