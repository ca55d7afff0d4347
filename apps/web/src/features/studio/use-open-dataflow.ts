import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { documentStore } from '../../document/store.ts';
import { trpcClient, useTRPC } from '../../lib/trpc.ts';

type Stored = Awaited<ReturnType<typeof trpcClient.dataflows.get.query>>;

function open({ id, apiKey, version, document, layout, issues }: Stored): void {
  const draft = issues.some((issue) => issue.severity === 'error');
  documentStore.getState().open({ id, apiKey, version, state: { document, layout }, draft });
}

/** Fetches a dataflow once and opens it; what the server learns later never overwrites what is being edited. */
export function useOpenDataflow(id: string) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(
    trpc.dataflows.get.queryOptions({ id }, { staleTime: 0, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false }),
  );
  const [openedId, setOpenedId] = useState<string>();

  useEffect(() => {
    if (data?.id !== id || openedId === id) return;
    open(data);
    setOpenedId(id);
  }, [data, id, openedId]);

  /** Throws away what is here and takes what the server has. */
  const takeStored = async () => {
    const stored = await trpcClient.dataflows.get.query({ id });
    documentStore.getState().dropDraft();
    open(stored);
  };

  return { ready: openedId === id, stored: data, error, retry: refetch, takeStored };
}
