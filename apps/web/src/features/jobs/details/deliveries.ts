import { type CatalogueEntry, type DataflowDocument, graphOf, type JobSnapshot, type StepMetrics } from '@idsync/engine/dataflow';

export interface Deliveries {
  /** Records that the writers took, themselves or inside files; one that went to two writers counts twice. */
  records: number;
  /** Files that the writers took. */
  files: number;
  /** Writers of the flow. */
  targets: number;
}

type Counts = Pick<JobSnapshot, 'steps' | 'arrows'>;
type DataflowGraph = ReturnType<typeof graphOf>;
type EntryOf = (type: string) => Pick<CatalogueEntry, 'kind' | 'input'> | undefined;

const taken = (metrics: StepMetrics | undefined): number => (metrics ? metrics.input - metrics.failed - metrics.filtered : 0);
const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Steps that a record reaches without having failed. */
function reachedBySuccess({ arrows, entryPoints }: DataflowGraph): ReadonlySet<string> {
  const reached = new Set(entryPoints);
  for (const step of reached) for (const { from, to, path } of arrows) if (from === step && path === 'next') reached.add(to);
  return reached;
}

/**
 * What reached the ends of a flow by its success paths, from the counts of a run that came to its end. Failed records
 * that the error path keeps somewhere are not delivered.
 */
export function deliveriesOf(document: DataflowDocument, { steps, arrows: counts }: Counts, entryOf: EntryOf): Deliveries {
  const graph = graphOf(document);
  const reached = reachedBySuccess(graph);
  const types = new Map(document.steps.map(({ id, type }) => [id, type]));
  const inputOf = (step: string) => entryOf(types.get(step) ?? '')?.input;
  const takenBy = (step: string) => taken(steps.find((each) => each.step === step));
  const before = (step: string) => [
    ...new Set(graph.arrows.filter(({ to, from, path }) => to === step && path === 'next' && reached.has(from)).map(({ from }) => from)),
  ];
  const filesTo = (step: string) => {
    const came = before(step).map(
      (from) => counts.find((each) => each.from === from && each.to === step && each.path === 'next')?.count ?? 0,
    );
    return Math.min(takenBy(step), sum(came));
  };
  /** Records inside the files that a step took: those its formatters took. */
  const inFiles = (step: string, seen: ReadonlySet<string>): number =>
    sum(
      before(step)
        .filter((from) => !seen.has(from))
        .map((from) => (inputOf(from) === 'records' ? takenBy(from) : inFiles(from, new Set([...seen, from])))),
    );

  const writers = document.steps.filter(({ id, type }) => entryOf(type)?.kind === 'writer' && reached.has(id)).map(({ id }) => id);
  const [toFiles, direct] = [writers.filter((id) => inputOf(id) === 'files'), writers.filter((id) => inputOf(id) !== 'files')];
  const inside = toFiles.filter((id) => filesTo(id) > 0).map((id) => inFiles(id, new Set([id])));
  return { records: sum([...direct.map(takenBy), ...inside]), files: sum(toFiles.map(filesTo)), targets: writers.length };
}
