import { Table, Tooltip, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { memo, useState } from 'react';
import type { NumberedTraceLine } from '../../../lib/api.ts';
import { formatLocal, formatUtc, formatUtcClock } from '../../../lib/format-time.ts';
import classes from './trace-panel.module.css';

export function TraceTable({ lines }: { lines: readonly NumberedTraceLine[] }) {
  return (
    <div className={classes.scroll}>
      <Table horizontalSpacing="sm" verticalSpacing={4} className={classes.table} aria-label="Trace, newest first">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Time, UTC</Table.Th>
            <Table.Th>Level</Table.Th>
            <Table.Th>Step</Table.Th>
            <Table.Th>Message</Table.Th>
            <Table.Th>Data</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {lines.map((line) => (
            <TraceRow key={line.seq} line={line} />
          ))}
        </Table.Tbody>
      </Table>
    </div>
  );
}

/** Lines never change, so a row is drawn once however many arrive above it. */
const TraceRow = memo(function TraceRow({ line }: { line: NumberedTraceLine }) {
  return (
    <Table.Tr data-level={line.level} className={classes.line}>
      <Table.Td className={classes.time}>
        <Tooltip label={`${formatUtc(line.time)} UTC · ${formatLocal(line.time)}, your time`}>
          <time dateTime={line.time}>{formatUtcClock(line.time, true)}</time>
        </Tooltip>
      </Table.Td>
      <Table.Td className={classes.level}>{line.level}</Table.Td>
      <Table.Td className={classes.step}>{line.step}</Table.Td>
      <Table.Td className={classes.message}>{line.message}</Table.Td>
      <Table.Td className={classes.data}>{line.data !== undefined && <TraceData data={line.data} />}</Table.Td>
    </Table.Tr>
  );
});

/** The first part of the data in one line; a click shows all of it. */
function TraceData({ data }: { data: unknown }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <UnstyledButton className={classes.dataHead} aria-expanded={open} aria-label="Data of this line" onClick={() => setOpen(!open)}>
        <IconChevronRight size={12} aria-hidden="true" className={classes.chevron} />
        {!open && <code>{JSON.stringify(data)?.slice(0, 80)}</code>}
      </UnstyledButton>
      {open && <pre>{JSON.stringify(data, null, 2)}</pre>}
    </>
  );
}
