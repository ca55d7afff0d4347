import { Button } from '@mantine/core';
import { Link } from 'react-router';
import { useRefusal } from '../../../lib/permission.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { Surface } from '../../../ui/surface.tsx';
import { OutlineChips } from '../outline/outline-chips.tsx';

/** The first visit: what a dataflow is, shown by one, and the two ways to get one. */
export function NoFlowsYet() {
  const refusal = useRefusal('edit');
  return (
    <Surface>
      <EmptyState
        picture={<OutlineChips large outline="account > rename > dsv > gzip > sftp" />}
        title="Draw your first data flow"
        text={
          <>
            A data flow reads records from one place, changes them step by step and writes them to another. The one above takes accounts
            from Gigya, renames fields, makes a table file, packs it and puts it on an SFTP server. Start from a template, test it on ten
            records, then let it run.
          </>
        }
        action={
          refusal ?? (
            <>
              <Button component={Link} to="/dataflows/new">
                Start from a template
              </Button>
              <Button component={Link} to="/dataflows/new?from=json" variant="default">
                Import JSON
              </Button>
            </>
          )
        }
      />
    </Surface>
  );
}
