import { Alert, Button, PasswordInput, TextInput, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconAlertCircle } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { authClient } from '../../lib/auth-client.ts';
import { queryClient } from '../../lib/query-client.ts';
import { Logo } from '../../ui/logo.tsx';
import { JoiningFlows } from './joining-flows.tsx';
import { returnPath } from './return-path.ts';
import classes from './sign-in-page.module.css';
import { signInProblem } from './sign-in-problem.ts';

export function SignInPage() {
  useDocumentTitle('Sign in · IdentitySync Studio');
  const navigate = useNavigate();
  const [query] = useSearchParams();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);

  async function signIn(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setProblem(undefined);
    const answer = await authClient.signIn
      .email({ email: String(form.get('email')).trim(), password: String(form.get('password')) })
      .catch(() => ({ error: { status: 0 } }));
    if (answer.error) {
      setBusy(false);
      setProblem(signInProblem(answer.error));
      return;
    }
    queryClient.clear();
    await navigate(returnPath(query.get('to')), { replace: true });
  }

  return (
    <div className={classes.page}>
      <main className={classes.side}>
        <form className={classes.form} onSubmit={signIn} aria-labelledby="sign-in-title">
          <Logo size={40} />
          <Title order={1} id="sign-in-title" mt="md">
            Sign in to IdentitySync Studio
          </Title>
          <p className={classes.lead}>Draw, run and watch the flows that keep identities in step.</p>
          {problem && (
            <Alert color="red" icon={<IconAlertCircle size={18} />} role="alert" mb="md">
              {problem}
            </Alert>
          )}
          <TextInput label="E-mail" name="email" type="email" autoComplete="username" required withAsterisk={false} autoFocus size="md" />
          <PasswordInput label="Password" name="password" autoComplete="current-password" required withAsterisk={false} size="md" mt="md" />
          <Button type="submit" fullWidth size="md" mt="lg" loading={busy}>
            Sign in
          </Button>
        </form>
      </main>
      <JoiningFlows />
    </div>
  );
}
