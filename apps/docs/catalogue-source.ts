import type { CatalogueEntry } from '@idsync/engine/dataflow';

/** The TypeScript source of the catalogue: data only, so that the browser need not load a single component. */
export const catalogueSource = (entries: readonly CatalogueEntry[]): string => `// Made by: node apps/docs/generate.ts
import type { CatalogueEntry } from '#dataflow';

/** Every component as data, sorted by id. */
export const catalogue: readonly CatalogueEntry[] = ${literal(entries)};
`;

/** JSON is TypeScript, but for one name that an object literal takes as the prototype. */
const literal = (entries: readonly CatalogueEntry[]) =>
  JSON.stringify(entries, null, 2).replace(/^(\s*)"__proto__":/gm, '$1["__proto__"]:');
