import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { DataflowRow } from '../../../lib/api.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { type DayFigures, dayFigures } from './day-figures.ts';

const dayMs = 86_400_000;

interface Day {
  figures: DayFigures | undefined;
  partial: boolean;
  refetch(): Promise<unknown>;
}

/** The figures of the last 24 hours, counted from the newest jobs of the site and renewed whenever the flows are. */
export function useDay(apiKey: string, flows: readonly DataflowRow[] | undefined): Day {
  const trpc = useTRPC();
  // To the minute, so that the question stays the same between renewals of the page.
  const since = useMemo(() => new Date(Math.floor((Date.now() - dayMs) / 60_000) * 60_000).toISOString(), []);
  const jobs = useQuery(
    trpc.jobs.list.queryOptions(
      { apiKey, query: `startTime>='${since}'`, limit: 100 },
      { enabled: apiKey !== '', refetchInterval: 15_000 },
    ),
  );
  const items = jobs.data?.items;
  const figures = useMemo(() => (flows && items ? dayFigures(flows, items, Date.now()) : undefined), [flows, items]);
  return { figures, partial: jobs.data?.nextCursor !== undefined && jobs.data.nextCursor !== null, refetch: jobs.refetch };
}
