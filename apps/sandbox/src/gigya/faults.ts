import type { Json } from '../json.ts';
import { type FaultFields, readFault } from '../read-fault.ts';
import { TokenBucket } from './token-bucket.ts';

/**
 * One way to fail. It concerns calls of `method` (every method without it); the first `skip` of them pass, then it hits
 * the `next` ones (all without it), each with `probability` (1 without it). A call may be hit by several faults.
 */
export interface GigyaFault {
  method?: string;
  skip?: number;
  next?: number;
  probability?: number;
  /** Answer this error instead of doing the work. */
  errorCode?: number;
  /** Wait before anything else. */
  delayMs?: number;
  /** Do the work, then close the connection in the middle of the answer. */
  cutAnswer?: boolean;
  /** Take the request and never answer it. */
  neverAnswer?: boolean;
  /** Answer 403048 past this rate. */
  callsPerSecond?: number;
}

/** What one call has to suffer. */
export interface Suffering {
  delayMs: number;
  errorCode: number | undefined;
  cutAnswer: boolean;
  neverAnswer: boolean;
}

interface ArmedFault {
  fault: GigyaFault;
  seen: number;
  hits: number;
  bucket: TokenBucket | undefined;
}

const fieldTypes = {
  method: 'string',
  skip: 'number',
  next: 'number',
  probability: 'number',
  errorCode: 'number',
  delayMs: 'number',
  cutAnswer: 'boolean',
  neverAnswer: 'boolean',
  callsPerSecond: 'number',
} as const satisfies Record<keyof GigyaFault, FaultFields[string]>;

/** The faults a server was told to have. */
export class GigyaFaults {
  readonly #clock: () => number;
  #armed: ArmedFault[] = [];

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Replaces all faults. */
  set(...faults: GigyaFault[]): void {
    this.#armed = faults.map((fault) => ({
      fault,
      seen: 0,
      hits: 0,
      bucket: fault.callsPerSecond === undefined ? undefined : new TokenBucket(fault.callsPerSecond, this.#clock),
    }));
  }

  clear(): void {
    this.#armed = [];
  }

  /** The faults in force with the number of calls each has hit. */
  list(): { fault: GigyaFault; hits: number }[] {
    return this.#armed.map(({ fault, hits }) => ({ fault, hits }));
  }

  meet(apiMethod: string): Suffering {
    const suffering: Suffering = { delayMs: 0, errorCode: undefined, cutAnswer: false, neverAnswer: false };
    for (const armed of this.#armed) {
      if (!this.#hits(armed, apiMethod)) continue;
      const { fault, bucket } = armed;
      suffering.delayMs += fault.delayMs ?? 0;
      suffering.errorCode ??= bucket ? (bucket.take() ? undefined : 403048) : fault.errorCode;
      suffering.cutAnswer ||= fault.cutAnswer ?? false;
      suffering.neverAnswer ||= fault.neverAnswer ?? false;
    }
    return suffering;
  }

  #hits(armed: ArmedFault, apiMethod: string): boolean {
    const { method, skip = 0, next = Number.POSITIVE_INFINITY, probability = 1 } = armed.fault;
    if (method !== undefined && method.toLowerCase() !== apiMethod.toLowerCase()) return false;
    armed.seen++;
    if (armed.seen <= skip || armed.hits >= next || Math.random() >= probability) return false;
    armed.hits++;
    return true;
  }
}

/** Reads one fault or a list of them as sent over HTTP; an empty object stands for none. Throws TypeError in plain words. */
export function parseFaults(value: Json): GigyaFault[] {
  const list = Array.isArray(value) ? value : [value];
  return list.map((one) => readFault<GigyaFault>(one, fieldTypes)).filter((fault) => Object.keys(fault).length > 0);
}
