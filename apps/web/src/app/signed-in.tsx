import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Navigate, useLocation } from 'react-router';
import { isSignedOut } from '../lib/query-client.ts';
import { SessionContext } from '../lib/session.ts';
import { useTRPC } from '../lib/trpc.ts';
import { ErrorPanel } from '../ui/error-panel.tsx';
import { Shell } from './shell/shell.tsx';
import { ShellSkeleton } from './shell/shell-skeleton.tsx';

/** Lets only signed-in people past; others go to sign in and come back to the page they wanted. */
export function SignedIn() {
  const trpc = useTRPC();
  const location = useLocation();
  const me = useQuery(trpc.session.me.queryOptions(undefined, { staleTime: 60_000 }));
  const [apiKey, chooseSite] = useLocalStorage({ key: 'idsync-site', defaultValue: '', getInitialValueInEffect: false });

  if (isSignedOut(me.error)) {
    const to = location.pathname + location.search;
    return <Navigate replace to={to === '/' ? '/sign-in' : `/sign-in?to=${encodeURIComponent(to)}`} />;
  }
  if (me.error && !me.data) return <ErrorPanel title="The server does not answer" error={me.error} onRetry={() => me.refetch()} fill />;
  if (!me.data) return <ShellSkeleton />;
  const site = me.data.sites.find((candidate) => candidate.apiKey === apiKey) ?? me.data.sites[0];
  return (
    <SessionContext value={{ ...me.data, site, chooseSite }}>
      <Shell />
    </SessionContext>
  );
}
