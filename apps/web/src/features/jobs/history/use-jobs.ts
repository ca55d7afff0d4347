import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { isActive, isJobStatus } from '../../../lib/job-outcome.ts';
import { useSession } from '../../../lib/session.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import type { JobFilterState } from './job-list.tsx';

interface UseJobsInput extends JobFilterState {
  dataflowId: string | undefined;
}

/** Jobs newest first. Pages go by key, so that new jobs shift nothing. */
export function useJobs({ dataflowId, query, status }: UseJobsInput) {
  const trpc = useTRPC();
  const { site } = useSession();
  const filter = {
    apiKey: site?.apiKey ?? '',
    limit: 50,
    ...(dataflowId && { dataflowId }),
    ...(query && { query }),
    ...(isJobStatus(status) && { status }),
  };
  const pages = useInfiniteQuery(
    trpc.jobs.list.infiniteQueryOptions(filter, {
      enabled: site !== undefined,
      getNextPageParam: (page) => page.nextCursor,
      refetchInterval: ({ state }) => (state.data?.pages.some((page) => page.items.some((job) => isActive(job.status))) ? 2_000 : 30_000),
    }),
  );
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items), [pages.data]);
  return {
    rows,
    error: pages.error,
    isFetching: pages.isFetching,
    accurateAsOf: pages.data?.pages[0]?.accurateAsOf,
    hasMore: pages.hasNextPage,
    fetchingMore: pages.isFetchingNextPage,
    fetchMore: () => pages.fetchNextPage(),
    refetch: () => pages.refetch(),
  };
}
