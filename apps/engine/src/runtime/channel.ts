/**
 * A bounded queue between steps: many producers, one consumer. A full channel holds its producers back, so memory stays
 * flat whatever the size of the job.
 *
 * Life: producers `attach`, `send`, `detach`; when the last one has detached, the consumer's loop ends after the items
 * still queued. A consumer that leaves its loop early makes later sends return at once, and `wanted` turns false.
 * `abort` wakes everybody with the given error.
 */
export class Channel<T> implements AsyncIterable<T> {
  #items: T[] = [];
  #producers = 0;
  #left = false;
  #failure: Error | undefined;
  #wakeConsumer: (() => void) | undefined;
  #wakeProducers: (() => void)[] = [];
  readonly #capacity: number;
  readonly #onDrop: ((item: T) => void) | undefined;

  /** `onDrop` is told of every item that was sent and that nobody will take. */
  constructor(capacity: number, onDrop?: (item: T) => void) {
    this.#capacity = capacity;
    this.#onDrop = onDrop;
  }

  /** False once the consumer has left; what is sent then goes nowhere. */
  get wanted(): boolean {
    return !this.#left;
  }

  attach(): void {
    this.#producers++;
  }

  detach(): void {
    this.#producers--;
    if (this.#producers === 0) this.#wake();
  }

  /** Returns a promise only when the caller has to wait for room. */
  send(item: T): Promise<void> | undefined {
    if (this.#failure) throw this.#failure;
    if (this.#left) {
      this.#onDrop?.(item);
      return undefined;
    }
    this.#items.push(item);
    this.#wake();
    return this.#items.length < this.#capacity ? undefined : this.#room();
  }

  abort(error: Error): void {
    this.#failure ??= error;
    this.#dropAll();
    this.#wake();
    this.#release();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, void> {
    try {
      for (;;) {
        if (this.#failure) throw this.#failure;
        const item = this.#items.shift();
        if (item !== undefined) {
          if (this.#items.length < this.#capacity) this.#release();
          yield item;
        } else if (this.#producers === 0) return;
        else
          await new Promise<void>((wake) => {
            this.#wakeConsumer = wake;
          });
      }
    } finally {
      this.leave();
    }
  }

  /** The consumer takes nothing more. */
  leave(): void {
    this.#left = true;
    this.#dropAll();
    this.#release();
  }

  #dropAll(): void {
    const dropped = this.#items;
    this.#items = [];
    if (this.#onDrop) for (const item of dropped) this.#onDrop(item);
  }

  async #room(): Promise<void> {
    while (this.#items.length >= this.#capacity && !this.#left && !this.#failure) {
      await new Promise<void>((wake) => this.#wakeProducers.push(wake));
    }
    if (this.#failure) throw this.#failure;
  }

  #wake(): void {
    this.#wakeConsumer?.();
    this.#wakeConsumer = undefined;
  }

  #release(): void {
    const waiting = this.#wakeProducers;
    this.#wakeProducers = [];
    for (const wake of waiting) wake();
  }
}
