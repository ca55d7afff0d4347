import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from 'react-router';
import { downloadText, fileNameOf } from '../../lib/download.ts';
import { trpcClient, useTRPC } from '../../lib/trpc.ts';

const showProblem = (title: string) => (error: { message: string }) => {
  notifications.show({ title, message: error.message, color: 'red', autoClose: 10_000 });
};

/** What can be done with a flow from a list. A started job is shown at once, so that one can watch it. */
export function useFlowActions() {
  const trpc = useTRPC();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const reload = () => queries.invalidateQueries({ queryKey: trpc.dataflows.list.queryKey() });

  const run = useMutation(
    trpc.jobs.run.mutationOptions({
      onSuccess: ({ jobId }) => navigate(`/jobs/${jobId}`),
      onError: showProblem('The job was not started'),
    }),
  );
  const duplicate = useMutation(
    trpc.dataflows.duplicate.mutationOptions({
      onSuccess: ({ id }) => navigate(`/dataflows/${id}`),
      onError: showProblem('Nothing was duplicated'),
    }),
  );
  const remove = useMutation(
    trpc.dataflows.remove.mutationOptions({ onSuccess: reload, onError: showProblem('The flow was not deleted') }),
  );

  async function exportFlow({ id, name }: { id: string; name: string }) {
    try {
      const { text } = await trpcClient.dataflows.export.query({ id });
      downloadText(fileNameOf(name, 'json'), text);
    } catch (error) {
      showProblem('The flow was not exported')(error instanceof Error ? error : { message: String(error) });
    }
  }

  return { run, duplicate, remove, exportFlow };
}

export type FlowActions = ReturnType<typeof useFlowActions>;
