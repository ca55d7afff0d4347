import { Skeleton } from '@mantine/core';
import { Link } from 'react-router';
import { formatCount, formatShort } from '../../../lib/format-number.ts';
import type { DayFigures } from './day-figures.ts';
import classes from './day-tiles.module.css';

interface DayTilesProps {
  figures: DayFigures | undefined;
  /** More jobs ran than were looked at: figures are lower bounds. */
  partial: boolean;
}

/** The site at a glance; each figure leads to the jobs behind it. */
export function DayTiles({ figures, partial }: DayTilesProps) {
  const more = partial ? '+' : '';
  return (
    <dl className={classes.tiles}>
      <Tile label="Data flows" value={figures && formatCount(figures.flows)} />
      <Tile
        label="Running now"
        value={figures && formatCount(figures.running)}
        tone={figures?.running ? 'run' : undefined}
        to="/jobs?status=running"
      />
      <Tile
        label="Failed in 24 h"
        value={figures && formatCount(figures.failed) + more}
        tone={figures?.failed ? 'fail' : undefined}
        to="/jobs?status=failed"
      />
      <Tile label="Records today, UTC" value={figures && formatShort(figures.recordsToday) + more} to="/jobs" />
    </dl>
  );
}

interface TileProps {
  label: string;
  value: string | undefined;
  tone?: 'run' | 'fail' | undefined;
  to?: string;
}

function Tile({ label, value, tone, to }: TileProps) {
  return (
    <div className={classes.tile}>
      <dt>{to ? <Link to={to}>{label}</Link> : label}</dt>
      <dd data-tone={tone}>{value ?? <Skeleton width={56} height={24} />}</dd>
    </div>
  );
}
