import { useQuery } from '@tanstack/react-query';
import { isActive } from '../../../lib/job-outcome.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { useJobWatch } from './use-job-watch.ts';

/** One job, kept current by its events while it runs. */
export function useJob(id: string) {
  const trpc = useTRPC();
  const query = useQuery(trpc.jobs.get.queryOptions({ id }));
  const watch = useJobWatch(id, query.data !== undefined && isActive(query.data.status));
  return { job: query.data, error: query.error, refetch: query.refetch, ...watch };
}
