import type { Json, JsonObject } from '../../json.ts';
import type { AggregateName, SelectItem } from './syntax.ts';
import { compileValues } from './values-at.ts';

type AggregateItem = Extract<SelectItem, { kind: 'aggregate' }>;

/** Takes accounts one by one and ends with the one result row. */
export interface Aggregation {
  add(account: JsonObject): void;
  result(): JsonObject;
}

export function aggregate(items: readonly AggregateItem[]): Aggregation {
  const columns = items.map(({ operation, path, name }) => ({
    name,
    operation,
    valuesOf: path === '*' ? undefined : compileValues(path),
    tally: new Tally(),
  }));
  return {
    add: (account) => {
      for (const { valuesOf, tally } of columns) {
        if (!valuesOf) tally.add(null);
        else for (const value of valuesOf(account)) tally.add(value);
      }
    },
    result: () => Object.fromEntries(columns.map(({ name, operation, tally }) => [name, tally.get(operation)])),
  };
}

/** Counts every value; the sums take in the numbers only. */
class Tally {
  #count = 0;
  #numbers = 0;
  #sum = 0;
  #squares = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  add(value: Json): void {
    this.#count++;
    if (typeof value !== 'number') return;
    this.#numbers++;
    this.#sum += value;
    this.#squares += value * value;
    this.#min = Math.min(this.#min, value);
    this.#max = Math.max(this.#max, value);
  }

  get(operation: AggregateName): number | null {
    if (operation === 'count') return this.#count;
    if (operation === 'sum') return this.#sum;
    if (operation === 'sum_of_squares') return this.#squares;
    if (this.#numbers === 0) return null;
    const mean = this.#sum / this.#numbers;
    const variance = Math.max(0, this.#squares / this.#numbers - mean * mean);
    return { min: this.#min, max: this.#max, avg: mean, variance, std: Math.sqrt(variance) }[operation];
  }
}
