import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useTRPC } from '../../lib/trpc.ts';

/** Asks a job to stop; lists and details show it as soon as the worker has. */
export function useStopJob() {
  const trpc = useTRPC();
  const queries = useQueryClient();
  return useMutation(
    trpc.jobs.stop.mutationOptions({
      onSuccess: () => queries.invalidateQueries({ queryKey: trpc.jobs.pathKey() }),
      onError: (error) => notifications.show({ title: 'The job was not stopped', message: error.message, color: 'red', autoClose: 10_000 }),
    }),
  );
}
