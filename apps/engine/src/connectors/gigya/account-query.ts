import { ConfigError, fillTimeMarks, type JobInfo } from '#dataflow';
import type { SelectColumn } from './select-list.ts';

/** The search index lags behind writes by up to this; the delta reaches back as far, so that nothing falls between two runs. */
const INDEX_DELAY_MS = 30_000;

export interface SearchParams {
  from: string;
  where?: string | undefined;
  deltaField: string;
  consent?: readonly string[] | undefined;
}

export interface SearchTerms {
  columns: readonly SelectColumn[];
  /** Add UID to the list when it is not there. */
  needsUid: boolean;
  job: JobInfo;
  step: string;
}

/** The search of an account reader without LIMIT: its own condition, its consents and, unless all records are pulled, the delta. */
export function accountQuery(
  { from, where, deltaField, consent = [] }: SearchParams,
  { columns, needsUid, job, step }: SearchTerms,
): string {
  const selected = columns.map(({ text }) => text);
  if (needsUid && !selectsUid(columns)) selected.unshift('UID');
  const own = filledWhere(where, job, step);
  const added = consent.map((path) => `preferences.${path}.isConsentGranted = true`);
  if (job.changedSince && !job.fullExtract) added.push(`${deltaField} > ${job.changedSince.getTime() - INDEX_DELAY_MS}`);
  const condition = own && added.length > 0 ? [`(${own})`, ...added] : [...(own ? [own] : []), ...added];
  return `SELECT ${selected.join(', ')} FROM ${from}${condition.length > 0 ? ` WHERE ${condition.join(' AND ')}` : ''}`;
}

export const selectsUid = (columns: readonly SelectColumn[]): boolean => columns.some(({ target }) => target === 'UID' || target === '*');

function filledWhere(where: string | undefined, job: JobInfo, step: string): string | undefined {
  const condition = where?.trim().replace(/^where\s+/i, '');
  const filled = condition === undefined ? undefined : fillTimeMarks(condition, job.startTime);
  if (filled === condition || job.fullExtract) return filled;
  throw new ConfigError(
    `Time marks such as \${now-1h} in the condition work only when the job pulls all records. Run it so, or take the mark out: in other runs the delta field sets the time.`,
    { code: 'invalidParameter', step, field: 'params.where' },
  );
}
