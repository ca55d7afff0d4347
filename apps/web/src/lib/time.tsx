import { Tooltip } from '@mantine/core';
import { useNow } from '../ui/use-now.ts';
import { formatAgo, formatLocal, formatUtc } from './format-time.ts';

/** An instant in UTC; the tooltip has it in the reader's own zone. With `ago` the distance stands under it. */
export function Time({ iso, ago = false }: { iso: string; ago?: boolean }) {
  return (
    <Tooltip label={`${formatLocal(iso)}, your time`}>
      <time dateTime={iso}>
        <span className="ids-nowrap">{formatUtc(iso)}</span>
        {ago && <Ago iso={iso} />}
      </time>
    </Tooltip>
  );
}

function Ago({ iso }: { iso: string }) {
  const now = useNow(30_000);
  return <span className="ids-subline">{formatAgo(iso, now)}</span>;
}
