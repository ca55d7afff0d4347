import { setImmediate as nextTurn } from 'node:timers/promises';
import type { JsonObject } from '../../json.ts';
import { aggregate } from '../query/aggregate.ts';
import { orderOf } from '../query/compare.ts';
import type { SelectItem } from '../query/syntax.ts';
import { compileValues } from '../query/values-at.ts';
import type { SearchPlan } from './search-plan.ts';

/** Rows looked at before other calls get their turn. */
const rowsPerTurn = 4096;

/** The rows that fit, in the query's order. */
export async function findRows(plan: SearchPlan): Promise<Uint32Array> {
  const keys = plan.query.orderBy.map(({ path, descending }) => ({ valuesOf: compileValues(path), sign: descending ? -1 : 1 }));
  const found: number[] = [];
  const sortKeys = new Map<number, ReturnType<(typeof keys)[number]['valuesOf']>>();
  await eachMatch(plan, (record, row) => {
    found.push(row);
    if (keys.length > 0)
      sortKeys.set(
        row,
        keys.map(({ valuesOf }) => valuesOf(record)[0] ?? null),
      );
  });
  if (keys.length > 0) {
    found.sort((a, b) => {
      for (const [at, { sign }] of keys.entries()) {
        const order = orderOf(sortKeys.get(a)?.[at], sortKeys.get(b)?.[at]) * sign;
        if (order !== 0) return order;
      }
      return a - b;
    });
  }
  return Uint32Array.from(found);
}

/** The one result row of a query that selects aggregates. */
export async function aggregateRows(plan: SearchPlan): Promise<JsonObject> {
  const aggregation = aggregate(
    plan.query.select.filter((item): item is Extract<SelectItem, { kind: 'aggregate' }> => item.kind === 'aggregate'),
  );
  await eachMatch(plan, (record) => aggregation.add(record));
  return aggregation.result();
}

async function eachMatch(plan: SearchPlan, visit: (record: JsonObject, row: number) => void): Promise<void> {
  const { rows } = plan;
  const narrowed = rows.narrowed?.();
  const count = narrowed ? narrowed.length : rows.count();
  for (let place = 0; place < count; place++) {
    if (place % rowsPerTurn === rowsPerTurn - 1) await nextTurn();
    const row = narrowed?.[place] ?? rows.at(place);
    const record = rows.candidateAt(row);
    if (record && plan.matches(record)) visit(record, row);
  }
}
