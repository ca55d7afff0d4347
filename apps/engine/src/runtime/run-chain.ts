import { Batch, type ColumnFunction, type CompileContext, type RecordFunction, type RowColumn } from '#dataflow';
import type { Channel } from './channel.ts';
import type { StepRun } from './step-run.ts';

export interface CompiledStep {
  run: StepRun;
  change: RecordFunction;
  changeColumns: ColumnFunction | undefined;
  filterKeys: ReadonlySet<string> | undefined;
  /** The column list last seen and what became of it; batches of one file share theirs. */
  seen: { columns: readonly RowColumn[]; changed: readonly RowColumn[] | undefined } | undefined;
}

/** Compiles a fused run of record transformers; wrong expressions and patterns show here, before the job starts. */
export function compileChain(runs: readonly StepRun[], ctx: CompileContext): CompiledStep[] {
  return runs.map((run) => {
    const { component, params } = run.step;
    if (component.kind !== 'record-transformer') throw new TypeError(`${component.type} cannot be fused.`);
    const keys = component.keysOfFilter?.(params);
    return {
      run,
      change: component.compile(params, ctx),
      changeColumns: component.compileColumns?.(params, ctx),
      filterKeys: keys && new Set(keys),
      seen: undefined,
    };
  });
}

/** One synchronous pass of all fused steps over each batch; nothing waits between them. */
export async function runChain(chain: readonly CompiledStep[], inlet: Channel<Batch>): Promise<void> {
  const last = chain.at(-1)?.run.outlet;
  for await (const taken of inlet) {
    let batch = taken;
    for (const [i, step] of chain.entries()) {
      batch = applyStep(step, batch);
      if (i < chain.length - 1) step.run.outlet.passFused(batch);
    }
    await last?.emit(batch);
    for (const { run } of chain) await run.outlet.flush();
    if (last && !last.wanted) break;
  }
}

function applyStep(step: CompiledStep, batch: Batch): Batch {
  const { account } = step.run;
  account.input += batch.size;
  return account.clock.during(() => changeRows(step, batch) ?? filterRows(step, batch) ?? changeRecords(step, batch));
}

function changeRows(step: CompiledStep, { rows }: Batch): Batch | undefined {
  if (!rows || !step.changeColumns) return undefined;
  if (step.seen?.columns !== rows.columns) step.seen = { columns: rows.columns, changed: step.changeColumns(rows.columns) };
  return step.seen.changed && Batch.ofRows(rows.withColumns(step.seen.changed));
}

/** Decodes of each row what the filter looks at. When it cannot decide one, the records are asked for, so that the one can fail whole. */
function filterRows({ run, change, filterKeys }: CompiledStep, { rows }: Batch): Batch | undefined {
  if (!rows || !filterKeys) return undefined;
  const kept: number[] = [];
  try {
    for (const [n, seen] of rows
      .withColumns(rows.columns.filter(({ name }) => filterKeys.has(name)))
      .toRecords()
      .entries()) {
      if (change(seen) !== undefined) kept.push(n);
    }
  } catch {
    return undefined;
  }
  if (kept.length === rows.size) return Batch.ofRows(rows);
  run.account.filtered += rows.size - kept.length;
  return Batch.ofRows(rows.withResults({ kept, columns: [] }));
}

function changeRecords({ run, change }: CompiledStep, { records }: Batch): Batch {
  let kept = 0;
  let failed = 0;
  for (const record of records) {
    try {
      const changed = change(record);
      if (changed !== undefined) records[kept++] = changed;
    } catch (thrown) {
      failed++;
      run.outlet.reject(record, thrown);
    }
  }
  run.account.filtered += records.length - kept - failed;
  records.length = kept;
  return Batch.of(records);
}
