import { type ComponentDescription, entryOf, helpOf } from '@idsync/engine/dataflow';

const head = '// Made by: node apps/docs/generate.ts';

/** The TypeScript source of the catalogue: data only, so that the browser need not load a single component. */
export const catalogueSource = (components: readonly ComponentDescription[]): string => `${head}
import type { CatalogueEntry } from '#dataflow';

/** Every component as data, sorted by id. */
export const catalogue: readonly CatalogueEntry[] = ${literal(components.map(entryOf))};
`;

/** The same for the help of each component, by id. */
export const helpSource = (components: readonly ComponentDescription[]): string => `${head}
import type { ComponentHelp } from '#dataflow';

/** Notes, faults, limits and examples of every component, sorted by id. */
export const componentHelp: Readonly<Record<string, ComponentHelp>> = ${literal(
  Object.fromEntries(components.map((component) => [component.type, helpOf(component)])),
)};
`;

/** JSON is TypeScript, but for one name that an object literal takes as the prototype. */
const literal = (data: object): string => JSON.stringify(data, null, 2).replace(/^(\s*)"__proto__":/gm, '$1["__proto__"]:');
