import type { Json } from '../json.ts';
import { type FaultFields, readFault } from '../read-fault.ts';

/** One way a platform can be told to fail. The first fault that fits a request and is not used up is met. */
export interface PlatformFault {
  /** Only requests whose path (with query) contains this; all when not given. */
  path?: string;
  method?: string;
  /** Requests that fit are let through so many times before. */
  after?: number;
  /** Met so many times; always when not given. */
  times?: number;
  /** Waits before anything else. */
  delayMs?: number;
  /** Answers this status … */
  status?: number;
  /** … with this body … */
  body?: string;
  /** … and this Retry-After header, in seconds. */
  retryAfter?: number;
  /** Cuts the connection: before the request is handled, or after it was handled and before it is answered. */
  cut?: 'before' | 'after';
}

const fieldTypes = {
  path: 'string',
  method: 'string',
  after: 'number',
  times: 'number',
  delayMs: 'number',
  status: 'number',
  body: 'string',
  retryAfter: 'number',
  cut: 'string',
} as const satisfies Record<keyof PlatformFault, FaultFields[string]>;

export class PlatformFaults {
  #faults: { fault: PlatformFault; seen: number; hits: number }[] = [];

  /** Replaces all faults. */
  set(...faults: PlatformFault[]): void {
    this.#faults = faults.map((fault) => ({ fault, seen: 0, hits: 0 }));
  }

  clear(): void {
    this.#faults = [];
  }

  list(): readonly { fault: PlatformFault; hits: number }[] {
    return this.#faults;
  }

  /** The fault a request meets, counted. */
  meet({ method, path }: { method: string; path: string }): PlatformFault | undefined {
    for (const entry of this.#faults) {
      const { fault } = entry;
      if (fault.method !== undefined && fault.method.toUpperCase() !== method) continue;
      if (fault.path !== undefined && !path.includes(fault.path)) continue;
      if (entry.seen++ < (fault.after ?? 0) || entry.hits >= (fault.times ?? Number.POSITIVE_INFINITY)) continue;
      entry.hits++;
      return fault;
    }
    return undefined;
  }
}

/** Reads one fault or a list of them as sent over HTTP. Throws TypeError in plain words. */
export const parsePlatformFaults = (value: Json): PlatformFault[] =>
  (Array.isArray(value) ? value : [value]).map((one) => readFault<PlatformFault>(one, fieldTypes));
