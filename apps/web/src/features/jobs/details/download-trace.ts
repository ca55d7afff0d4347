import type { NumberedTraceLine } from '../../../lib/api.ts';
import { downloadText } from '../../../lib/download.ts';
import { trpcClient } from '../../../lib/trpc.ts';
import { lineText, type TraceFilter } from './trace-lines.ts';

/** Fetches the whole log that fits the filter and hands it over as a text file, oldest line first. */
export async function downloadTrace(jobId: string, { level, search }: TraceFilter): Promise<void> {
  const lines: NumberedTraceLine[] = [];
  let before: number | null = null;
  do {
    const page: { lines: NumberedTraceLine[]; nextBefore: number | null } = await trpcClient.jobs.trace.query({
      ...{ id: jobId, level, limit: 1000 },
      ...(search && { search }),
      ...(before !== null && { before }),
    });
    lines.push(...page.lines);
    before = page.nextBefore;
  } while (before !== null);
  downloadText(`job-${jobId}.log`, `${lines.reverse().map(lineText).join('\n')}\n`, 'text/plain');
}
