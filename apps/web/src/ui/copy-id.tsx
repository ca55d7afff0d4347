import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { IconCheck, IconCopy } from '@tabler/icons-react';
import classes from './copy-id.module.css';

/** An id in monospace with a button that copies it. `short` shows its head only; the whole is in the tooltip. */
export function CopyId({ id, what, short = false }: { id: string; what: string; short?: boolean }) {
  return (
    <span className={classes.line} data-short={short || undefined}>
      {short ? (
        <Tooltip label={id}>
          <code className={classes.id}>{id.slice(0, 8)}</code>
        </Tooltip>
      ) : (
        <code className={classes.id}>{id}</code>
      )}
      <CopyButton value={id}>
        {({ copied, copy }) => (
          <ActionIcon variant="subtle" color="gray" size="sm" onClick={copy} aria-label={copied ? 'Copied' : `Copy ${what}`}>
            {copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
          </ActionIcon>
        )}
      </CopyButton>
    </span>
  );
}
