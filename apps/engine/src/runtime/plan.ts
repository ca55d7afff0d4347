import { type Component, ConfigError, type DataflowDocument, flowsOf, type RecordTransformer, readParams, traitsOf } from '#dataflow';

export interface PlannedStep {
  id: string;
  component: Component;
  params: Record<string, unknown>;
  next: readonly string[];
  error: readonly string[];
  /** Position when the graph is walked from its entry points along the `next` lists; decides which file goes up first. */
  rank: number;
}

/** Steps that run as one: a single step, or neighbouring record transformers fused into one pass over each batch. */
export type Stage = readonly [PlannedStep, ...PlannedStep[]];

export interface Plan {
  steps: readonly PlannedStep[];
  stages: readonly Stage[];
}

/** Turns a checked document into stages. Throws ConfigError for what only the parameters' own schema can tell. */
export function planDataflow(document: DataflowDocument, findComponent: (type: string) => Component | undefined): Plan {
  const ranks = rankSteps(document);
  const steps = document.steps
    .map((step): PlannedStep => {
      const component = findComponent(step.type);
      if (!component)
        throw new ConfigError(`There is no component ${step.type}.`, { code: 'invalidDocument', step: step.id, field: 'type' });
      const { params, issues } = readParams(traitsOf(component), step.params);
      const problem = issues.find((issue) => issue.severity === 'error');
      if (problem)
        throw new ConfigError(problem.message, {
          code: 'invalidParameter',
          step: step.id,
          ...(problem.field ? { field: problem.field } : {}),
        });
      return {
        id: step.id,
        component,
        params: (params ?? {}) as Record<string, unknown>,
        next: step.next ?? [],
        error: step.error ?? [],
        rank: ranks.get(step.id) ?? 0,
      };
    })
    .sort((a, b) => a.rank - b.rank);
  return { steps, stages: fuse(steps) };
}

/** Depth-first from the entry points, `next` before `error`, each step numbered after everything that comes before it. */
function rankSteps(document: DataflowDocument): Map<string, number> {
  const steps = new Map(document.steps.map((step) => [step.id, step]));
  const finished: string[] = [];
  const seen = new Set<string>();
  const visit = (id: string): void => {
    const step = steps.get(id);
    if (!step || seen.has(id)) return;
    seen.add(id);
    // Backwards, since the finished list is turned round: a later branch gets a later rank.
    for (const follower of [...(step.next ?? []), ...(step.error ?? [])].reverse()) visit(follower);
    finished.push(id);
  };
  const named = new Set(document.steps.flatMap((step) => [...(step.next ?? []), ...(step.error ?? [])]));
  for (const step of [...document.steps].reverse()) if (!named.has(step.id)) visit(step.id);
  return new Map(finished.reverse().map((id, rank) => [id, rank]));
}

function fuse(steps: readonly PlannedStep[]): Stage[] {
  const arrivals = new Map<string, number>();
  for (const step of steps) for (const id of [...step.next, ...step.error]) arrivals.set(id, (arrivals.get(id) ?? 0) + 1);
  const byId = new Map(steps.map((step) => [step.id, step]));
  const fused = new Set<string>();
  const stages: Stage[] = [];
  for (const step of steps) {
    if (fused.has(step.id)) continue;
    const stage: [PlannedStep, ...PlannedStep[]] = [step];
    for (let last = step; isFusible(last); ) {
      const follower = last.next.length === 1 ? byId.get(last.next[0] as string) : undefined;
      if (!follower || !isFusible(follower) || arrivals.get(follower.id) !== 1) break;
      stage.push(follower);
      fused.add(follower.id);
      last = follower;
    }
    stages.push(stage);
  }
  return stages;
}

const isFusible = (step: PlannedStep): step is PlannedStep & { component: RecordTransformer } =>
  step.component.kind === 'record-transformer';

/** True for the steps through which records enter the job: record readers, and parsers of files that no record was written to before. */
export function introducesRecords(step: PlannedStep, plan: Plan): boolean {
  if (flowsOf(step.component).output !== 'records') return false;
  if (step.component.kind === 'reader') return true;
  if (step.component.kind !== 'parser') return false;
  const upstream = [step.id];
  for (const id of upstream) {
    for (const before of plan.steps) {
      if (!before.next.includes(id) && !before.error.includes(id)) continue;
      if (flowsOf(before.component).input === 'records') return false;
      if (!upstream.includes(before.id)) upstream.push(before.id);
    }
  }
  return true;
}
