import { useQuery } from '@tanstack/react-query';
import { useParams } from 'react-router';
import { useSession } from '../../../lib/session.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import { CopyId } from '../../../ui/copy-id.tsx';
import { Page } from '../../../ui/page.tsx';
import { JobList } from './job-list.tsx';

/** The jobs of one flow, or of the whole site. */
export function HistoryPage() {
  const { id } = useParams();
  const { site } = useSession();
  if (id !== undefined) return <FlowHistory id={id} />;
  return (
    <Page title="Jobs" lead={`Every run of every data flow of ${site?.name ?? 'this site'}, newest first.`}>
      <JobList />
    </Page>
  );
}

function FlowHistory({ id }: { id: string }) {
  const trpc = useTRPC();
  const flow = useQuery(trpc.dataflows.get.queryOptions({ id }));
  const { name, description } = flow.data?.document ?? {};
  return (
    <Page
      title={name ? `Job history of ${name}` : 'Job history'}
      back={{ to: '/', label: 'Back to dataflows' }}
      lead={
        <>
          {description && <div>{description}</div>}
          {flow.error ? (
            <div>{flow.error.message}</div>
          ) : (
            <div>
              Data flow ID: <CopyId id={id} what="data flow ID" />
            </div>
          )}
        </>
      }
    >
      <JobList dataflowId={id} />
    </Page>
  );
}
