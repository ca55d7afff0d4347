import { ConfigError } from '#dataflow';

/** A time zone: how far its clocks are ahead of UTC. */
export interface Zone {
  /** Minutes ahead of UTC at an instant, given in milliseconds since 1970. */
  offsetMinutes(instantMs: number): number;
}

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;
const dayMs = 86_400_000;
const mostKept = 20_000;
const fixed = /^(?:UTC|GMT)?([+-])(\d{1,2})(?::?(\d{2}))?$/;

/** A zone by its name (`Europe/Berlin`), or by its offset (`+02:00`, `GMT+2`, `UTC`). Throws ConfigError. */
export function zoneOf(name: string): Zone {
  const offset = readOffset(name);
  if (offset !== undefined) return { offsetMinutes: () => offset };
  const format = formatOf(name);
  const known = new Map<number, number>();
  return {
    // Clocks change at quarters of an hour, so one answer holds for all of it.
    offsetMinutes: (instantMs) => {
      const quarter = Math.floor(instantMs / quarterMs);
      const seen = known.get(quarter);
      if (seen !== undefined) return seen;
      if (known.size >= mostKept) known.clear();
      const minutes = askOffset(format, quarter * quarterMs);
      known.set(quarter, minutes);
      return minutes;
    },
  };
}

/** Minutes of an offset as text; undefined when the text is none. */
export function readOffset(text: string): number | undefined {
  if (/^(?:Z|UTC|GMT)$/i.test(text)) return 0;
  const [, sign, hours, minutes = '0'] = fixed.exec(text) ?? [];
  if (Number(hours) > 18 || Number(minutes) > 59 || hours === undefined) return undefined;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
}

function formatOf(name: string): Intl.DateTimeFormat {
  try {
    const digits = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' } as const;
    return new Intl.DateTimeFormat('en-US', { timeZone: name, hourCycle: 'h23', era: 'short', ...digits });
  } catch {
    throw new ConfigError(`${name} is not a time zone. Use a name such as Europe/Berlin, an offset such as +02:00, or UTC.`, {
      code: 'invalidParameter',
    });
  }
}

function askOffset(format: Intl.DateTimeFormat, instantMs: number): number {
  const parts = Object.fromEntries(format.formatToParts(instantMs).map(({ type, value }) => [type, value]));
  const year = parts.era === 'BC' ? 1 - Number(parts.year) : Number(parts.year);
  const local = utcMs([year, Number(parts.month), Number(parts.day)], [Number(parts.hour), Number(parts.minute), Number(parts.second)]);
  return Math.round((local - instantMs) / minuteMs);
}

/** Milliseconds since 1970 of a date and time of UTC; years below 100 are meant as they are. */
export function utcMs(
  [year, month, day]: readonly [number, number, number],
  [hour, minute, second]: readonly [number, number, number],
): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  return date.setUTCHours(hour, minute, second, 0);
}

/**
 * The instant at which the clocks of a zone show a time (given as if it were of UTC). A time that is shown twice means the first; one that
 * is skipped means as much later as the clocks were put forward. So java.time has it.
 */
export function instantOf(localMs: number, zone: Zone): number {
  const before = zone.offsetMinutes(localMs - dayMs);
  const first = localMs - before * minuteMs;
  if (zone.offsetMinutes(first) === before) return first;
  const after = zone.offsetMinutes(localMs + dayMs);
  const second = localMs - after * minuteMs;
  return zone.offsetMinutes(second) === after ? second : first;
}
