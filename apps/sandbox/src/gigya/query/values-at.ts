import { isObject, type Json } from '../../json.ts';

/** The values a path leads to. Arrays on the way and at the end are gone into, so one path may have many values. */
export function compileValues(path: string): (account: Json) => Json[] {
  const names = path.split('.');
  return (account) => {
    const found: Json[] = [];
    collect(account, names, { depth: 0, found });
    return found;
  };
}

function collect(value: Json | undefined, names: readonly string[], walk: { depth: number; found: Json[] }): void {
  if (value === undefined || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) collect(item, names, walk);
    return;
  }
  const name = names[walk.depth];
  if (name === undefined) walk.found.push(value);
  else if (isObject(value) && Object.hasOwn(value, name)) collect(value[name], names, { depth: walk.depth + 1, found: walk.found });
}
