/** Calls a function for each item, at most `limit` at a time. After a failure nothing more is begun; what is under way ends first. */
export async function eachAtMost<T>(items: readonly T[], limit: number, call: (item: T) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  let next = 0;
  const work = async () => {
    while (next < items.length && failures.length === 0) {
      try {
        await call(items[next++] as T);
      } catch (thrown) {
        failures.push(thrown);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  if (failures.length > 0) throw failures[0];
}
