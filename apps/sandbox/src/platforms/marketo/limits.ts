/** What a subscription may do; the documented figures when not given. */
export interface MarketoLimits {
  /** In 20 seconds: 100. */
  callsPerWindow?: number;
  /** At a time: 10. */
  parallelCalls?: number;
  /** A day: 50,000. */
  callsPerDay?: number;
}

const WINDOW_MS = 20_000;

export interface Refusal {
  code: string;
  message: string;
}

/** Counts calls against the limits. Days begin with a reset. */
export class CallLimits {
  readonly #limits: Required<MarketoLimits>;
  readonly #clock: () => number;
  #window: number[] = [];
  #today = 0;
  #running = 0;

  constructor({ callsPerWindow = 100, parallelCalls = 10, callsPerDay = 50_000 }: MarketoLimits, clock: () => number) {
    this.#limits = { callsPerWindow, parallelCalls, callsPerDay };
    this.#clock = clock;
  }

  /** Begins a call, which must be ended, or tells why not. */
  begin(): Refusal | undefined {
    const { callsPerWindow, parallelCalls, callsPerDay } = this.#limits;
    const now = this.#clock();
    this.#window = this.#window.filter((at) => at > now - WINDOW_MS);
    if (this.#today >= callsPerDay) return { code: '607', message: `Daily API Quota '${callsPerDay}' reached` };
    if (this.#running >= parallelCalls) return { code: '615', message: `Concurrent access limit '${parallelCalls}' reached` };
    if (this.#window.length >= callsPerWindow)
      return { code: '606', message: `Max rate limit '${callsPerWindow}' exceeded with in '20' secs` };
    this.#window.push(now);
    this.#today++;
    this.#running++;
    return undefined;
  }

  end(): void {
    this.#running--;
  }
}
