import type { Step } from '@idsync/engine/dataflow';
import { Button } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconPlugConnected } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useDocument } from '../../document/store.ts';
import { useTRPC } from '../../lib/trpc.ts';
import classes from './inspector.module.css';

/** Opens the step's connection on the server, once, and says what came of it. Stored secrets are filled in there. */
export function TestConnection({ step }: { step: Step }) {
  const trpc = useTRPC();
  const dataflowId = useDocument((open) => open.id);
  const { mutate, data, error, isPending, reset } = useMutation(trpc.dataflows.testConnection.mutationOptions());
  const answer = error ? { ok: false, message: error.message } : data;
  return (
    <div className={classes.connection}>
      <Button
        variant="default"
        size="sm"
        loading={isPending}
        leftSection={<IconPlugConnected size={16} stroke={1.75} />}
        onClick={() => {
          reset();
          mutate({ dataflowId, step });
        }}
      >
        Test connection
      </Button>
      {answer && (
        <p className={classes.answer} data-ok={answer.ok} role="status">
          {answer.ok ? <IconCircleCheck size={16} aria-label="It works" /> : <IconCircleX size={16} aria-label="It failed" />}
          <span>{answer.message}</span>
        </p>
      )}
    </div>
  );
}
