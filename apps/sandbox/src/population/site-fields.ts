import type { JsonObject } from '../json.ts';
import type { Person } from './person.ts';
import { interests, remarks, sources, stores } from './words.ts';

/** The demo site's own fields: nested objects, arrays, numbers, texts with separators, quotes and line ends; many missing. */
export function dataOf(person: Person): JsonObject {
  const dice = person.dice(40);
  return {
    crmId: `C${String(100_000 + person.index)}`,
    source: dice.pick(sources),
    newsletter: dice.chance(0.5),
    loyalty: {
      tier: person.tier,
      points: dice.below(20_000),
      ...(dice.chance(0.5) ? { balance: dice.below(1_000_000) / 100 } : {}),
      memberSince: person.createdText.slice(0, 10),
    },
    ...(dice.chance(0.6) ? { interests: severalOf(dice.below(4), () => dice.pick(interests)) } : {}),
    ...(dice.chance(0.4) ? { preferredStore: dice.pick(stores) } : {}),
    ...(dice.chance(0.3) ? { remark: dice.pick(remarks) } : {}),
    ...(dice.chance(0.3)
      ? { children: severalOf(1 + dice.below(3), () => dice.below(18)).map((age, at) => ({ name: `Child ${at + 1}`, age })) }
      : {}),
    ...(dice.chance(0.05) ? { closedReason: null } : {}),
  };
}

export function consentsOf(person: Person): JsonObject {
  const dice = person.dice(41);
  const consent = (isConsentGranted: boolean): JsonObject => ({
    isConsentGranted,
    docVersion: 1.2,
    lastConsentModified: person.createdText,
  });
  return {
    terms: { main: consent(true) },
    ...(dice.chance(0.7) ? { privacy: { profiling: consent(dice.chance(0.5)) } } : {}),
  };
}

function severalOf<Item>(count: number, make: () => Item): Item[] {
  return [...new Set(Array.from({ length: count }, make))];
}
