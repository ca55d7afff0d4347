/** A copy with one key set: where it stood, else before the first of `before` that is there, else at the end. */
export function withKey<T extends object, V>(object: T, key: string, value: V, before: readonly string[] = []): T {
  if (Object.hasOwn(object, key)) return { ...object, [key]: value };
  const entries = Object.entries(object);
  const at = entries.findIndex(([name]) => before.includes(name));
  entries.splice(at < 0 ? entries.length : at, 0, [key, value]);
  return Object.fromEntries(entries) as T;
}
