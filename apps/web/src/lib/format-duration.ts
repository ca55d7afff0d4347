/** `340 ms`, `3.2 s`, `4 min 12 s`, `2 h 05 min`, `3 d 4 h`: two units at most. */
export function formatDuration(ms: number): string {
  if (ms < 0) return '0 ms';
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

interface Span {
  startTime: string | null;
  endTime: string | null;
}

/** Milliseconds a job ran, up to now while it runs; undefined before it started. */
export function spanMs({ startTime, endTime }: Span, nowMs: number): number | undefined {
  if (startTime === null) return undefined;
  return Math.max(0, (endTime === null ? nowMs : Date.parse(endTime)) - Date.parse(startTime));
}
