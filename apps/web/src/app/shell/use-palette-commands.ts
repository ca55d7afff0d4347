import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useNavigate } from 'react-router';
import { type OfferedCommand, offeredByPage } from '../../lib/offered-commands.ts';
import { useRefusal } from '../../lib/permission.ts';
import { useSession } from '../../lib/session.ts';
import { useTRPC } from '../../lib/trpc.ts';

/** Everything the palette offers: what the page can do, where one can go, every flow by name, and the theme. */
export function usePaletteCommands(): OfferedCommand[] {
  const navigate = useNavigate();
  const trpc = useTRPC();
  const { site } = useSession();
  const { setColorScheme } = useMantineColorScheme();
  const mayEdit = useRefusal('edit') === undefined;
  const flows = useQuery(
    trpc.dataflows.list.queryOptions({ apiKey: site?.apiKey ?? '' }, { enabled: site !== undefined, staleTime: 30_000 }),
  ).data?.items;
  return useMemo(() => {
    const page = (title: string, to: string): OfferedCommand => ({ id: to, title, group: 'Go to', run: () => navigate(to) });
    const theme = (title: string, scheme: 'light' | 'dark' | 'auto'): OfferedCommand => ({
      ...{ id: `theme-${scheme}`, title, group: 'Theme' },
      run: () => setColorScheme(scheme),
    });
    return [
      ...offeredByPage(),
      page('Dataflows', '/'),
      page('Jobs', '/jobs'),
      page('Account', '/account'),
      ...(mayEdit ? [page('Create data flow', '/dataflows/new'), page('Import JSON', '/dataflows/new?from=json')] : []),
      ...(flows ?? []).map(({ id, name }): OfferedCommand => ({ ...page(name, `/dataflows/${id}`), group: 'Open dataflow' })),
      theme('Light theme', 'light'),
      theme('Dark theme', 'dark'),
      theme('Theme as the system', 'auto'),
    ];
  }, [navigate, setColorScheme, mayEdit, flows]);
}
