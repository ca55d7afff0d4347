import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { useDocument } from '../../document/store.ts';
import classes from './studio-page.module.css';

const when = (iso: string) => new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** Offers work that was never saved back, and says what is missing from it. */
export function DraftBanner() {
  const draft = useDocument((open) => open.offeredDraft);
  const version = useDocument((open) => open.version);
  const takeUp = useDocument((open) => open.takeUpDraft);
  const drop = useDocument((open) => open.dropDraft);
  if (!draft) return null;
  return (
    <div className={classes.banner} role="status">
      <IconHistory size={16} stroke={1.75} aria-hidden />
      <span>
        Unsaved work from {when(draft.keptAt)} was kept in this browser. Passwords typed in it are not part of it.
        {draft.baseVersion !== version && ` It was begun on version ${draft.baseVersion}; the flow is now at version ${version}.`}
      </span>
      <Button size="compact-sm" onClick={takeUp}>
        Restore
      </Button>
      <Button size="compact-sm" variant="subtle" color="gray" onClick={drop}>
        Discard
      </Button>
    </div>
  );
}
