/**
 * Milliseconds a step worked: the time its answers took, less what it waited for its own input meanwhile. Spans may overlap and
 * nest; one that is still open counts up to now.
 */
export class WorkClock {
  #closedMs = 0;
  /** Open spans, work counted +1 and waiting -1, and the signed sum of their starts. */
  #open = 0;
  #starts = 0;
  #shared = 0;
  #endShared = () => {};

  get workMs(): number {
    return Math.max(0, this.#closedMs + this.#open * performance.now() - this.#starts);
  }

  /** Opens a span; the returned function closes it. */
  begin(sign: 1 | -1 = 1): () => void {
    const start = performance.now();
    this.#open += sign;
    this.#starts += sign * start;
    return () => {
      this.#open -= sign;
      this.#starts -= sign * start;
      this.#closedMs += sign * (performance.now() - start);
    };
  }

  /** Spans that overlap count once: from when the first opens until none is open. */
  beginShared(): () => void {
    if (this.#shared++ === 0) this.#endShared = this.begin();
    return () => {
      if (--this.#shared === 0) this.#endShared();
    };
  }

  during<T>(work: () => T): T {
    const end = this.begin();
    try {
      return work();
    } finally {
      end();
    }
  }

  /** Items of the step's own output. */
  working<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, void> {
    return this.#timed(items, 1);
  }

  /** Items the step takes from others, while it is at work on an answer. */
  waiting<T>(items: AsyncIterable<T>): AsyncGenerator<T, void, void> {
    return this.#timed(items, -1);
  }

  async *#timed<T>(items: AsyncIterable<T>, sign: 1 | -1): AsyncGenerator<T, void, void> {
    const iterator = items[Symbol.asyncIterator]();
    let ended = false;
    try {
      for (;;) {
        const end = this.begin(sign);
        const result = await iterator.next().finally(end);
        if (result.done) {
          ended = true;
          return;
        }
        yield result.value;
      }
    } catch (thrown) {
      ended = true;
      throw thrown;
    } finally {
      if (!ended) await iterator.return?.();
    }
  }
}
