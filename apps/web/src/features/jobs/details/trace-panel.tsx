import { Button, Skeleton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import type { NumberedTraceLine } from '../../../lib/api.ts';
import { countOf } from '../../../lib/format-number.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ErrorPanel } from '../../../ui/error-panel.tsx';
import type { Level } from './trace-lines.ts';
import classes from './trace-panel.module.css';
import { TraceTable } from './trace-table.tsx';
import { TraceToolbar } from './trace-toolbar.tsx';
import { useTrace } from './use-trace.ts';

interface TracePanelProps {
  jobId: string;
  active: boolean;
  liveLines: readonly NumberedTraceLine[];
}

/** The job's log, newest first. Without Follow the list stands still while one reads, and says how much came since. */
export function TracePanel({ jobId, active, liveLines }: TracePanelProps) {
  const [level, setLevel] = useState<Level>('DEBUG');
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), 250);
  /** The number of the last line to show; undefined while following. */
  const [heldAt, setHeldAt] = useState<number>();
  const filter = useMemo(() => ({ level, search }), [level, search]);
  const { lines, error, hasOlder, fetchingOlder, fetchOlder } = useTrace(jobId, filter, liveLines);

  if (error) return <ErrorPanel title="The trace could not be fetched" error={error} />;
  const newest = lines?.[0]?.seq ?? -1;
  const shown = heldAt === undefined ? lines : lines?.filter((line) => line.seq <= heldAt);
  const held = (lines?.length ?? 0) - (shown?.length ?? 0);
  return (
    <div>
      <TraceToolbar
        filter={{ level, search: text }}
        jobId={jobId}
        follow={active ? heldAt === undefined : undefined}
        onLevel={setLevel}
        onSearch={setText}
        onFollow={(follow) => setHeldAt(follow ? undefined : newest)}
      />
      {held > 0 && (
        <Button variant="light" size="xs" fullWidth radius={0} onClick={() => setHeldAt(newest)}>
          Show {countOf(held, 'new line')}
        </Button>
      )}
      {!shown && <TraceSkeleton />}
      {shown?.length === 0 && <NoLines filtered={search !== '' || level !== 'DEBUG'} active={active} />}
      {shown && shown.length > 0 && <TraceTable lines={shown} />}
      {hasOlder && (
        <div className={classes.older}>
          <Button variant="default" size="xs" onClick={fetchOlder} loading={fetchingOlder}>
            Load older lines
          </Button>
        </div>
      )}
    </div>
  );
}

function NoLines({ filtered, active }: { filtered: boolean; active: boolean }) {
  if (filtered) return <EmptyState title="No line fits" text="No line of this log has that level and that text." />;
  return (
    <EmptyState
      title="No lines yet"
      text={active ? 'The log begins when a worker takes the job.' : 'This job ended before it wrote anything.'}
    />
  );
}

function TraceSkeleton() {
  return (
    <div className={classes.skeleton} aria-busy="true">
      {[60, 80, 50, 70].map((width) => (
        <Skeleton key={width} width={`${width}%`} height={12} />
      ))}
    </div>
  );
}
