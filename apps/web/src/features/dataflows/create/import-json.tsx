import { Button, FileButton, Textarea } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconFileImport } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type DragEvent, useMemo, useState } from 'react';
import { useNavigate } from 'react-router';
import { useSession } from '../../../lib/session.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import classes from './create.module.css';
import { ImportFindings } from './import-findings.tsx';
import { readImport } from './read-import.ts';

const example =
  '{\n  "name": "Export accounts to SFTP",\n  "steps": [\n    { "id": "account", "type": "datasource.read.gigya.account", "next": ["dsv"] },\n    …';

/** A flow from its JSON, pasted, dropped or chosen. Only read here: nothing runs and nothing is connected to. */
export function ImportJson() {
  const trpc = useTRPC();
  const navigate = useNavigate();
  const { site } = useSession();
  const [text, setText] = useState('');
  const [over, setOver] = useState(false);
  const [settled] = useDebouncedValue(text, 200);
  const reading = useMemo(() => (settled.trim() ? readImport(settled) : undefined), [settled]);
  const submit = useMutation(trpc.dataflows.import.mutationOptions({ onSuccess: ({ id }) => navigate(`/dataflows/${id}`) }));

  const take = async (file: File | null | undefined) => file && setText(await file.text());
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  return (
    <div className={classes.import}>
      <section
        className={classes.drop}
        aria-label="Text to import"
        data-over={over || undefined}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Textarea
          label="JSON of the data flow"
          description="Paste it, or drop a file here. Comments and trailing commas are fine."
          placeholder={example}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={14}
          maxRows={26}
          spellCheck={false}
          classNames={{ input: classes.code ?? '' }}
        />
        <FileButton onChange={take} accept=".json,.jsonc,.txt,application/json">
          {(props) => (
            <Button {...props} variant="default" size="xs" mt="sm" leftSection={<IconFileImport size={14} />}>
              Choose a file
            </Button>
          )}
        </FileButton>
      </section>
      <ImportFindings
        reading={reading}
        busy={submit.isPending}
        problem={submit.error?.message}
        onImport={() => site && submit.mutate({ apiKey: site.apiKey, text })}
      />
    </div>
  );
}
