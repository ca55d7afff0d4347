import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { documentStore } from '../../document/store.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** Fetches a dataflow once and opens it; what the server learns later never overwrites what is being edited. */
export function useOpenDataflow(id: string) {
  const trpc = useTRPC();
  const { data, error, refetch } = useQuery(
    trpc.dataflows.get.queryOptions({ id }, { staleTime: 0, gcTime: 0, refetchOnWindowFocus: false, refetchOnReconnect: false }),
  );
  const [openedId, setOpenedId] = useState<string>();

  useEffect(() => {
    if (!data || openedId === id) return;
    const { document, layout, version, apiKey, issues } = data;
    const draft = issues.some((issue) => issue.severity === 'error');
    documentStore.getState().open({ id, apiKey, version, state: { document, layout }, draft });
    setOpenedId(id);
  }, [data, id, openedId]);

  /** Throws away what is here and takes what the server has. */
  const reload = async () => {
    documentStore.getState().dropDraft();
    setOpenedId(undefined);
    await refetch();
  };

  return { ready: openedId === id, stored: data, error, reload };
}
