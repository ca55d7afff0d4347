import { FatalError, RetryableError } from '#dataflow';

/** An upload that was cut off cannot be made again within the job, because the bytes of a file come once: what may be repeated becomes final. */
export const unrepeatable = (thrown: unknown): unknown =>
  thrown instanceof RetryableError
    ? new FatalError(`${thrown.message} Nothing stands under the final name; run the job again.`, {
        code: thrown.code,
        cause: thrown,
        details: thrown.details,
      })
    : thrown;
