import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link } from 'react-router';
import { AccurateAsOf } from '../../lib/accurate-as-of.tsx';
import { useRefusal } from '../../lib/permission.ts';
import { useSession } from '../../lib/session.ts';
import { useTRPC } from '../../lib/trpc.ts';
import { useUrlState } from '../../lib/url-state.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { Page } from '../../ui/page.tsx';
import { DayTiles } from './dashboard/day-tiles.tsx';
import { FlowTable } from './dashboard/flow-table.tsx';
import { countByShow, listDefaults, listFlows } from './dashboard/list-flows.ts';
import { ListToolbar } from './dashboard/list-toolbar.tsx';
import { NoFlowsYet } from './dashboard/no-flows-yet.tsx';
import { useDay } from './dashboard/use-day.ts';

export function DashboardPage() {
  const trpc = useTRPC();
  const { site } = useSession();
  const mayEdit = useRefusal('edit') === undefined;
  const [state, setState] = useUrlState(listDefaults);
  const apiKey = site?.apiKey ?? '';
  const list = useQuery(
    trpc.dataflows.list.queryOptions(
      { apiKey },
      { enabled: site !== undefined, refetchInterval: ({ state: { data } }) => (data && runsNow(data.items) ? 2_000 : 30_000) },
    ),
  );
  const flows = list.data?.items;
  const day = useDay(apiKey, flows);
  const shown = useMemo(() => flows && listFlows(flows, state), [flows, state]);
  const counts = useMemo(() => countByShow(flows ?? []), [flows]);

  if (!site)
    return (
      <Page title="Dataflows">
        <ErrorPanel title="No site yet" error={new Error('Ask an administrator to give you access to a site.')} />
      </Page>
    );
  return (
    <Page title="Dataflows" lead={`What moves identities in and out of ${site.name}.`} actions={mayEdit && <CreateButton />}>
      {list.error && !list.data && (
        <ErrorPanel title="The data flows could not be fetched" error={list.error} onRetry={() => list.refetch()} />
      )}
      {flows?.length === 0 && <NoFlowsYet />}
      {(list.isPending || (flows && flows.length > 0)) && (
        <>
          <DayTiles figures={day.figures} partial={day.partial} />
          <ListToolbar state={state} counts={counts} onChange={setState} />
          <FlowTable flows={shown} />
        </>
      )}
      {list.data && (
        <footer className="ids-footer">
          <AccurateAsOf
            iso={list.data.accurateAsOf}
            busy={list.isFetching}
            live={runsNow(list.data.items)}
            onRefresh={() => Promise.all([list.refetch(), day.refetch()])}
          />
        </footer>
      )}
    </Page>
  );
}

const runsNow = (flows: readonly { recentJobs: readonly { status: string }[] }[]): boolean =>
  flows.some(({ recentJobs }) => recentJobs.some(({ status }) => status === 'running' || status === 'pending'));

const CreateButton = () => (
  <Button component={Link} to="/dataflows/new" leftSection={<IconPlus size={16} />}>
    Create data flow
  </Button>
);
