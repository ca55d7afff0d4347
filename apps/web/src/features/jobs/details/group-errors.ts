import type { ErrorGroup } from '@idsync/engine/dataflow';

export interface ErrorKind extends ErrorGroup {
  /** Messages of this kind as they were, most frequent first; empty when all are the same. */
  samples: string[];
}

/** The engine's last group of a step, for messages it did not keep one by one. */
const isRest = (message: string) => message.startsWith('Further errors');

/** What differs from record to record: addresses, identifiers, quoted values, long numbers. */
const varying = /[^\s@<>"']+@[^\s@<>"']+|\b[0-9a-f]{8,}(?:-[0-9a-f]{2,})*\b|'[^']*'|"[^"]*"|\b\d{5,}\b/gi;

/**
 * Errors that differ only in the record they speak of, as one line with samples: most frequent first, what was not kept last.
 */
export function groupErrors(errors: readonly ErrorGroup[], sampleCount = 3): ErrorKind[] {
  const kinds = Map.groupBy(errors, ({ step, code, message }) => `${step} ${code} ${message.replace(varying, '…')}`);
  return [...kinds.values()]
    .map((groups): ErrorKind => {
      const byCount = groups.toSorted((a, b) => b.count - a.count);
      const [first] = byCount as [ErrorGroup, ...ErrorGroup[]];
      const single = byCount.length === 1;
      return {
        ...first,
        message: single ? first.message : first.message.replace(varying, '…'),
        count: groups.reduce((sum, group) => sum + group.count, 0),
        samples: single ? [] : byCount.slice(0, sampleCount).map((group) => group.message),
      };
    })
    .sort((a, b) => Number(isRest(a.message)) - Number(isRest(b.message)) || b.count - a.count);
}
