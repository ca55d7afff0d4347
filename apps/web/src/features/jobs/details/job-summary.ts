import { formatCount } from '../../../lib/format-number.ts';
import type { Deliveries } from './deliveries.ts';

interface Summed {
  read: number;
  failed: number;
  filtered: number;
  deliveries: Deliveries;
}

const counted = (count: number, word: string) => `${formatCount(count)} ${word}${count === 1 ? '' : 's'}`;

/** Where the records of a job that ran to its end went, in one sentence. */
export function jobSummary({ read, failed, filtered, deliveries: { records, files, targets } }: Summed): string {
  if (read === 0 && records === 0 && files === 0 && failed === 0)
    return 'There was nothing to read: no record is new since the last run, or none fits the step that reads.';
  const inFiles = files > 0 ? ` in ${counted(files, 'file')}` : '';
  const to = targets > 1 ? ` to ${targets} targets` : '';
  const parts = [
    records > 0
      ? `${formatCount(records)} delivered${inFiles}${to}`
      : files > 0
        ? `${counted(files, 'file')} delivered${to}`
        : 'none delivered',
    failed > 0 && `${formatCount(failed)} failed`,
    filtered > 0 && `${formatCount(filtered)} filtered out`,
  ];
  return `${counted(read, 'record')} read: ${parts.filter((part) => part !== false).join(', ')}.`;
}
