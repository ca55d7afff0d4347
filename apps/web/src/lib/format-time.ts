const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const two = (value: number) => String(value).padStart(2, '0');

/** `23 Nov 2026, 15:45:32`, in UTC: jobs are scheduled and logged in UTC, so that is what pages show. */
export function formatUtc(iso: string): string {
  const at = new Date(iso);
  return `${at.getUTCDate()} ${months[at.getUTCMonth()]} ${at.getUTCFullYear()}, ${formatUtcClock(iso)}`;
}

/** `15:45:32` in UTC; with milliseconds for logs. */
export function formatUtcClock(iso: string, milliseconds = false): string {
  const at = new Date(iso);
  const clock = `${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`;
  return milliseconds ? `${clock}.${String(at.getUTCMilliseconds()).padStart(3, '0')}` : clock;
}

/** The same instant where the reader is, with the zone's name: `Mon, 23 Nov 2026, 16:45:32 CET`. */
export function formatLocal(iso: string, timeZone?: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
    timeZone,
  }).format(new Date(iso));
}

const units = [
  { name: 'day', ms: 86_400_000 },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
] as const;

/** `4 min ago`, `in 2 h`, `just now`; whole units, the largest that fits. */
export function formatAgo(iso: string, nowMs: number): string {
  const distance = nowMs - Date.parse(iso);
  const unit = units.find(({ ms }) => Math.abs(distance) >= ms);
  if (!unit) return distance >= 0 ? 'just now' : 'in a moment';
  const count = Math.floor(Math.abs(distance) / unit.ms);
  const text = `${count} ${unit.name}${unit.name === 'day' && count > 1 ? 's' : ''}`;
  return distance > 0 ? `${text} ago` : `in ${text}`;
}
