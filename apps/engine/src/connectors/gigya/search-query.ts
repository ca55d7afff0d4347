import { ConfigError, fillTimeMarks, type JobInfo } from '#dataflow';

/** The search index lags behind writes by up to this; the delta reaches back as far, so that nothing falls between two runs. */
const INDEX_DELAY_MS = 30_000;

export interface SearchQuery {
  select: string;
  from: string;
  /** The flow's own condition, with or without the word WHERE. */
  where?: string | undefined;
  /** Further conditions, all of which must hold. */
  conditions?: readonly string[];
}

/** A search without LIMIT: the flow's own condition in brackets beside the others. */
export function searchQuery({ select, from, where, conditions = [] }: SearchQuery, { job, step }: { job: JobInfo; step: string }): string {
  const own = filledWhere(where, job, step);
  const all = own && conditions.length > 0 ? [`(${own})`, ...conditions] : [...(own ? [own] : []), ...conditions];
  return `SELECT ${select} FROM ${from}${all.length > 0 ? ` WHERE ${all.join(' AND ')}` : ''}`;
}

/** Milliseconds since 1970 after which a record counts as changed; undefined when the job reads everything. */
export const deltaStartMs = ({ changedSince, fullExtract }: JobInfo): number | undefined =>
  changedSince && !fullExtract ? changedSince.getTime() - INDEX_DELAY_MS : undefined;

/** `field > start`, in the form that fields of that kind hold: as milliseconds, or as ISO text. Empty when everything is read. */
export function deltaConditions(field: string | undefined, job: JobInfo, form: 'milliseconds' | 'text'): string[] {
  const startMs = deltaStartMs(job);
  if (field === undefined || startMs === undefined) return [];
  return [`${field} > ${form === 'milliseconds' ? startMs : `"${new Date(startMs).toISOString()}"`}`];
}

function filledWhere(where: string | undefined, job: JobInfo, step: string): string | undefined {
  const condition = where?.trim().replace(/^where\s+/i, '');
  const filled = condition === undefined ? undefined : fillTimeMarks(condition, job.startTime);
  if (filled === condition || job.fullExtract) return filled;
  throw new ConfigError(
    `Time marks such as \${now-1h} in the condition work only when the job pulls all records. Run it so, or take the mark out: in other runs the delta field sets the time.`,
    { code: 'invalidParameter', step, field: 'params.where' },
  );
}
