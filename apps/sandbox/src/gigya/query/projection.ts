import { isObject, type Json, type JsonObject } from '../../json.ts';
import type { SelectItem } from './syntax.ts';

/** Chosen parts of an object: names under which the whole value goes out, and chosen parts inside it. */
interface Choice {
  whole: Set<string>;
  inside: Map<string, Choice>;
}

/** Compiles the select list. `hidden` top-level fields never come out. An alias stays inside the object of its field. */
export function compileProjection(items: readonly SelectItem[], hidden: ReadonlySet<string>): (account: JsonObject) => JsonObject {
  if (items.some(({ kind }) => kind === 'all')) {
    return (account) => {
      if (!Object.keys(account).some((name) => hidden.has(name))) return account;
      const shown = { ...account };
      for (const name of hidden) delete shown[name];
      return shown;
    };
  }
  const root: Choice = { whole: new Set(), inside: new Map() };
  for (const item of items) if (item.kind === 'path') choose(root, item);
  for (const name of hidden) root.inside.delete(name);
  return (account) => pick(account, root);
}

function choose(root: Choice, { path, alias }: Extract<SelectItem, { kind: 'path' }>): void {
  const names = path.split('.');
  let choice = root;
  for (const name of names) {
    let inner = choice.inside.get(name);
    if (!inner) {
      inner = { whole: new Set(), inside: new Map() };
      choice.inside.set(name, inner);
    }
    choice = inner;
  }
  choice.whole.add(alias ?? names.at(-1) ?? path);
}

function pick(from: JsonObject, choice: Choice): JsonObject {
  const picked: JsonObject = {};
  for (const [name, inner] of choice.inside) {
    const value = Object.hasOwn(from, name) ? from[name] : undefined;
    if (value === undefined) continue;
    for (const outName of inner.whole) picked[outName] = value;
    if (inner.inside.size === 0 || inner.whole.has(name)) continue;
    const part = pickInside(value, inner);
    if (part !== undefined) picked[name] = part;
  }
  return picked;
}

function pickInside(value: Json, choice: Choice): Json | undefined {
  if (Array.isArray(value)) return value.map((item) => pickInside(item, choice)).filter((item) => item !== undefined);
  if (!isObject(value)) return undefined;
  const part = pick(value, choice);
  return Object.keys(part).length > 0 ? part : undefined;
}
