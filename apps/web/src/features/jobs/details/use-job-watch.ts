import { useQueryClient } from '@tanstack/react-query';
import { useSubscription } from '@trpc/tanstack-react-query';
import { useState } from 'react';
import type { NumberedTraceLine } from '../../../lib/api.ts';
import { isActive } from '../../../lib/job-outcome.ts';
import { type ProgressSample, withSample } from '../../../lib/job-progress.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { appendLines } from './trace-lines.ts';

interface Watched {
  id: string;
  /** Oldest first, each line once. */
  lines: readonly NumberedTraceLine[];
  samples: readonly ProgressSample[];
}

/**
 * Listens to a job and keeps its cached details current. The connection resumes after the last event it got, and lines that come
 * twice are dropped, so that a lost connection loses and doubles nothing.
 */
export function useJobWatch(id: string, enabled: boolean) {
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [watched, setWatched] = useState<Watched>({ id, lines: [], samples: [] });
  const { status } = useSubscription(
    trpc.jobs.watch.subscriptionOptions(
      { id },
      {
        enabled,
        onData: ({ data: { job, snapshot, lines } }) => {
          queries.setQueryData(trpc.jobs.get.queryKey({ id }), (known) => known && { ...known, ...job, snapshot });
          const sample = { atMs: Date.now(), processed: snapshot.processedRecords };
          setWatched((before) => {
            const own = before.id === id ? before : { id, lines: [], samples: [] };
            return { id, lines: appendLines(own.lines, lines), samples: withSample(own.samples, sample) };
          });
          // Host, times of update and outcome are only in the details themselves.
          if (!isActive(job.status)) void queries.invalidateQueries({ queryKey: trpc.jobs.pathKey() });
        },
      },
    ),
  );
  const current = watched.id === id ? watched : { lines: [], samples: [] };
  return {
    liveLines: current.lines,
    samples: current.samples,
    reconnecting: enabled && status === 'connecting' && current.samples.length > 0,
  };
}
