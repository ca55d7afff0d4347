import { Button, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconArrowRight } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { useNavigate } from 'react-router';
import type { Template } from '../../../lib/api.ts';
import { useSession } from '../../../lib/session.ts';
import { useTRPC } from '../../../lib/trpc.ts';
import classes from './create.module.css';

/** Names the new flow and opens it in the studio. */
export function NameForm({ template }: { template: Template }) {
  const trpc = useTRPC();
  const navigate = useNavigate();
  const { site } = useSession();
  const [name, setName] = useState(template.document.name ?? template.title);
  const create = useMutation(
    trpc.dataflows.create.mutationOptions({
      onSuccess: ({ id }) => navigate(`/dataflows/${id}`),
      onError: (error) =>
        notifications.show({ title: 'The flow was not created', message: error.message, color: 'red', autoClose: 10_000 }),
    }),
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (site && name.trim()) create.mutate({ apiKey: site.apiKey, document: { ...template.document, name: name.trim() } });
  };
  return (
    <form onSubmit={submit} className={classes.nameForm} aria-label="Name and continue">
      <TextInput
        label="Name"
        description="As it stands in the list of data flows."
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        required
        withAsterisk={false}
        maxLength={200}
        className={classes.name}
      />
      <Button type="submit" rightSection={<IconArrowRight size={16} />} loading={create.isPending} disabled={!name.trim()}>
        Continue
      </Button>
    </form>
  );
}
