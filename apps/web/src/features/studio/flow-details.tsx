import { Badge, Tooltip, VisuallyHidden } from '@mantine/core';
import { isDirty, useDocument } from '../../document/store.ts';
import { InlineText } from './inline-text.tsx';
import classes from './studio-bar.module.css';

/** Name, description and standing of the flow; both texts are changed where they stand. */
export function FlowDetails() {
  const name = useDocument((open) => open.history.state.document.name ?? '');
  const description = useDocument((open) => open.history.state.document.description ?? '');
  const push = useDocument((open) => open.push);
  return (
    <div className={classes.details}>
      <VisuallyHidden component="h1">{name || 'Untitled flow'}</VisuallyHidden>
      <div className={classes.nameLine}>
        <InlineText
          label="Name"
          value={name}
          placeholder="Untitled flow"
          className={classes.name}
          onChange={(text) => push({ type: 'set-details', name: text }, { title: 'Rename flow' })}
        />
        <Standing />
      </div>
      <InlineText
        label="Description"
        value={description}
        placeholder="Add a description"
        className={classes.description}
        onChange={(text) => push({ type: 'set-details', description: text }, { title: 'Describe flow' })}
      />
    </div>
  );
}

/** Draft while what is stored has errors, else the version that runs; and whether there is more on the screen than on the server. */
function Standing() {
  const version = useDocument((open) => open.version);
  const dirty = useDocument(isDirty);
  const draft = useDocument((open) => open.draft);
  return (
    <span className={classes.standing}>
      <Badge variant="light" color={draft ? 'gray' : 'petrol'} tt="none" fw={500} data-testid="flow-status">
        {draft ? 'Draft' : `Published v${version}`}
      </Badge>
      {dirty && (
        <Tooltip label="Not saved yet. A copy is kept in this browser.">
          <span className={classes.unsaved} role="status">
            Unsaved
          </span>
        </Tooltip>
      )}
    </span>
  );
}
