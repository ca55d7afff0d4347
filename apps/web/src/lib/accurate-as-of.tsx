import { Button } from '@mantine/core';
import { IconRefresh } from '@tabler/icons-react';
import classes from './accurate-as-of.module.css';
import { formatUtc } from './format-time.ts';

interface AccurateAsOfProps {
  /** When the server gathered what is shown; undefined until the first answer. */
  iso: string | undefined;
  busy: boolean;
  live?: boolean;
  onRefresh(): void;
}

/** How fresh the list is, and a way to make it fresher. */
export function AccurateAsOf({ iso, busy, live = false, onRefresh }: AccurateAsOfProps) {
  return (
    <div className={classes.line}>
      <span>
        {live && (
          <span className={classes.live}>
            <span aria-hidden="true" className={classes.dot} />
            Live
          </span>
        )}
        Data is accurate as of{' '}
        <time dateTime={iso} className={classes.time}>
          {iso ? `${formatUtc(iso)} UTC` : '…'}
        </time>
      </span>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconRefresh size={14} />}
        onClick={onRefresh}
        data-busy={busy || undefined}
        className={classes.refresh}
      >
        Refresh
      </Button>
    </div>
  );
}
