import { notifications } from '@mantine/notifications';
import { useCallback, useRef, useState } from 'react';
import { useNavigate } from 'react-router';
import { documentStore, isDirty } from '../../document/store.ts';
import { trpcClient } from '../../lib/trpc.ts';

const words = (error: unknown) => (error instanceof Error ? error.message : String(error));

const fail = (title: string, error: unknown) => notifications.show({ title, message: words(error), color: 'red', autoClose: 10_000 });

interface Saving {
  /** The source view holds text that is not a dataflow yet. */
  unfinished: boolean;
  onUnfinished(): void;
  onProblems(): void;
}

/** Saving and running, with what can go wrong: findings, a newer version on the server, no connection. */
export function useSaving({ unfinished, onProblems, onUnfinished }: Saving) {
  const navigate = useNavigate();
  const [saving, setSaving] = useState(false);
  const [conflict, setConflict] = useState<{ version: number }>();
  const busy = useRef(false);

  const write = useCallback(
    async (baseVersion: number): Promise<boolean> => {
      const { id, history, markSaved } = documentStore.getState();
      const { document, layout } = history.state;
      const answer = await trpcClient.dataflows.save.mutate({ id, document, layout, baseVersion });
      if (answer.saved) {
        markSaved({
          version: answer.version,
          revision: history.revision,
          draft: answer.issues.some((issue) => issue.severity === 'error'),
        });
        setConflict(undefined);
        return true;
      }
      setConflict(answer.reason === 'conflict' ? { version: answer.version } : undefined);
      if (answer.reason !== 'conflict') {
        onProblems();
        notifications.show({
          title: 'Not saved',
          message: 'The last good version is kept until the problems listed below are mended. Your work stays here.',
          color: 'red',
          autoClose: 10_000,
        });
      }
      return false;
    },
    [onProblems],
  );

  const save = useCallback(
    async (baseVersion?: number): Promise<boolean> => {
      if (busy.current) return false;
      if (unfinished) {
        onUnfinished();
        notifications.show({
          title: 'Not saved',
          message: 'The text of the source is not a dataflow yet. Mend it or discard it first.',
          color: 'red',
        });
        return false;
      }
      busy.current = true;
      setSaving(true);
      documentStore.getState().endGesture();
      try {
        return await write(baseVersion ?? documentStore.getState().version);
      } catch (error) {
        fail('Not saved', error);
        return false;
      } finally {
        busy.current = false;
        setSaving(false);
      }
    },
    [write, unfinished, onUnfinished],
  );

  const run = useCallback(
    async ({ test }: { test: boolean }) => {
      const open = documentStore.getState();
      if ((isDirty(open) || unfinished) && !(await save())) return;
      if (open.issues.some((issue) => issue.severity === 'error')) {
        onProblems();
        notifications.show({
          title: 'The flow cannot run yet',
          message: 'Mend the problems listed below, then run it again.',
          color: 'red',
        });
        return;
      }
      try {
        const { jobId } = await trpcClient.jobs.run.mutate({ dataflowId: open.id, test });
        await navigate(`/jobs/${jobId}`);
      } catch (error) {
        fail(test ? 'The test did not start' : 'The job did not start', error);
      }
    },
    [save, unfinished, navigate, onProblems],
  );

  return { saving, save, run, conflict, dropConflict: useCallback(() => setConflict(undefined), []) };
}
