/** One look at a running job. */
export interface ProgressSample {
  atMs: number;
  processed: number;
}

export interface JobProgress {
  /** Records a second over the recent past; undefined until two looks differ in time. */
  ratePerSecond: number | undefined;
  /** Milliseconds left at that rate; undefined when the total is unknown or nothing moves. */
  remainingMs: number | undefined;
}

/** How far back the rate looks: long enough to be calm, short enough to notice a stall. */
const windowMs = 15_000;

/** Keeps the samples the rate needs, and one before them so that the window is always full. */
export function withSample(samples: readonly ProgressSample[], sample: ProgressSample): ProgressSample[] {
  const last = samples.at(-1);
  if (last && sample.processed < last.processed) return [sample];
  const oldest = samples.findLastIndex(({ atMs }) => atMs <= sample.atMs - windowMs);
  return [...samples.slice(Math.max(0, oldest)), sample];
}

/** Rate and remaining time from samples in order of time. A total that was passed counts as unknown. */
export function progressOf(samples: readonly ProgressSample[], total: number | null | undefined): JobProgress {
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last || last.atMs <= first.atMs) return { ratePerSecond: undefined, remainingMs: undefined };
  const ratePerSecond = ((last.processed - first.processed) * 1000) / (last.atMs - first.atMs);
  const left = typeof total === 'number' && total >= last.processed ? total - last.processed : undefined;
  const remainingMs = left === undefined || ratePerSecond <= 0 ? undefined : (left / ratePerSecond) * 1000;
  return { ratePerSecond, remainingMs };
}
