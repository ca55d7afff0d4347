import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { NumberedTraceLine } from '../../../lib/api.ts';
import { trpcClient } from '../../../lib/trpc.ts';
import { mergeTrace, type TraceFilter } from './trace-lines.ts';

/** A job's log, newest first: fetched page by page towards the past, with live lines on top. */
export function useTrace(jobId: string, filter: TraceFilter, liveLines: readonly NumberedTraceLine[]) {
  const pages = useInfiniteQuery({
    queryKey: ['job-trace', jobId, filter],
    queryFn: ({ pageParam, signal }) =>
      trpcClient.jobs.trace.query(
        {
          id: jobId,
          level: filter.level,
          ...(filter.search && { search: filter.search }),
          ...(pageParam !== null && { before: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (page) => page.nextBefore,
    refetchOnWindowFocus: false,
  });
  const fetched = pages.data?.pages;
  const lines = useMemo(
    () =>
      fetched &&
      mergeTrace(
        fetched.flatMap((page) => page.lines),
        liveLines,
        filter,
      ),
    [fetched, liveLines, filter],
  );
  return {
    lines,
    error: pages.error,
    hasOlder: pages.hasNextPage,
    fetchingOlder: pages.isFetchingNextPage,
    fetchOlder: () => pages.fetchNextPage(),
  };
}
