import { catalogue } from '@idsync/engine/catalogue';
import { type CatalogueEntry, lookupOf } from '@idsync/engine/dataflow';

export { catalogue };

/** Traits by type for checking; knows every component this build has. */
export const lookup = lookupOf(catalogue);

const byType = new Map(catalogue.map((entry) => [entry.type, entry]));

/** The catalogue entry of a step's type, through aliases and spelling; undefined when the component is not available. */
export function entryOf(type: string): CatalogueEntry | undefined {
  const exact = byType.get(type);
  if (exact) return exact;
  const known = lookup(type);
  return known && byType.get(known.type);
}
