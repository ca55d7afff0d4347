// Made by: node apps/docs/generate.ts
import type { CatalogueEntry } from '#dataflow';

/** Every component as data, sorted by id. */
export const catalogue: readonly CatalogueEntry[] = [];
