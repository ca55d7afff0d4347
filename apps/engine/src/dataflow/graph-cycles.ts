/**
 * The knots of a directed graph: groups of two or more ids that can all reach each other, and ids with an arrow to themselves.
 * Tarjan's algorithm with its own stack, so that a chain of any length is safe.
 */
export function findCycles(ids: readonly string[], after: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const number = new Map<string, number>();
  const low = new Map<string, number>();
  const path: string[] = [];
  const onPath = new Set<string>();
  const knots: Set<string>[] = [];

  const enter = (id: string) => {
    number.set(id, number.size);
    low.set(id, number.size - 1);
    path.push(id);
    onPath.add(id);
    return { id, rest: [...(after.get(id) ?? [])] };
  };
  const lower = (id: string, value: number) => low.set(id, Math.min(low.get(id) ?? value, value));
  const leave = (id: string) => {
    if (low.get(id) !== number.get(id)) return;
    const knot = new Set(path.splice(path.indexOf(id)));
    for (const member of knot) onPath.delete(member);
    if (knot.size > 1 || after.get(id)?.has(id)) knots.push(knot);
  };

  for (const root of ids) {
    if (number.has(root)) continue;
    const frames = [enter(root)];
    for (let frame = frames.at(-1); frame; frame = frames.at(-1)) {
      const next = frame.rest.shift();
      if (next === undefined) {
        frames.pop();
        leave(frame.id);
        const parent = frames.at(-1);
        if (parent) lower(parent.id, low.get(frame.id) ?? 0);
      } else if (!number.has(next)) frames.push(enter(next));
      else if (onPath.has(next)) lower(frame.id, number.get(next) ?? 0);
    }
  }
  return knots.map((knot) => ids.filter((id) => knot.has(id)));
}
