import { Dice } from '../../population/dice.ts';
import { stores } from '../../population/words.ts';
import type { StoredObject } from './object-store.ts';
import { dayMs, isoOf, type SeedWorld, someUid } from './seed-world.ts';

const mostBuyers = 500;

/** The Data Store of a fresh site: `shop`, objects of nobody, and `order`, which belong to accounts. */
export function* seedObjects(world: SeedWorld): Generator<StoredObject> {
  for (const [i, name] of stores.entries()) {
    const openedMs = world.epoch - (i + 1) * 90 * dayMs;
    const data = {
      name_s: name,
      about_t: `The shop at ${name}, open every day.`,
      opened_d: isoOf(openedMs).slice(0, 10),
      isOpen_b: i % 4 !== 3,
    };
    yield objectOf({ type: 'shop', oid: `shop-${i + 1}`, data }, openedMs);
  }
  for (let buyer = 0; buyer < Math.min(world.population.size, mostBuyers); buyer++) yield* ordersOf(world, buyer);
}

function* ordersOf(world: SeedWorld, buyer: number): Generator<StoredObject> {
  const dice = new Dice(world.seed, buyer, 0x0d5);
  const uid = someUid(world, buyer);
  for (let count = dice.below(4); count > 0; count--) {
    const placedMs = Math.floor(world.epoch - dice.next() * 400 * dayMs);
    const items = Array.from({ length: 1 + dice.below(3) }, () => ({
      sku_s: `SKU-${100 + dice.below(900)}`,
      quantity_i: 1 + dice.below(5),
    }));
    const data = { placed_d: isoOf(placedMs), total_f: (100 + dice.below(50_000)) / 100, isPaid_b: dice.chance(0.9), items };
    yield objectOf({ type: 'order', oid: `order-${buyer}-${count}`, ...(uid === undefined ? {} : { UID: uid }), data }, placedMs);
  }
}

/** An object with its two times, each as number and as text. */
export function objectOf(object: Pick<StoredObject, 'type' | 'oid' | 'UID' | 'data'>, nowMs: number, createdMs = nowMs): StoredObject {
  return { ...object, created: createdMs, createdTime: isoOf(createdMs), lastUpdated: nowMs, lastUpdatedTime: isoOf(nowMs) };
}
