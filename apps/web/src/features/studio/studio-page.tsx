import { useDocumentTitle } from '@mantine/hooks';
import { ReactFlowProvider } from '@xyflow/react';
import { type ComponentType, useCallback, useMemo, useState } from 'react';
import { useParams } from 'react-router';
import { useDocument } from '../../document/store.ts';
import { type Act, useRefusal } from '../../lib/permission.ts';
import { ErrorPanel } from '../../ui/error-panel.tsx';
import { ConflictDialog } from './conflict-dialog.tsx';
import { Studio } from './studio.tsx';
import { type Canvas, type QuickAdd, StudioContext, type View } from './studio-context.ts';
import { StudioSkeleton } from './studio-skeleton.tsx';
import { useFullScreen } from './use-full-screen.ts';
import { useOpenDataflow } from './use-open-dataflow.ts';
import { useSaving } from './use-saving.ts';

interface StudioPageProps {
  /** The panel that shows the parameters of the inspected step. */
  inspector: ComponentType;
}

function useRefusals(): Partial<Record<Act, string | undefined>> {
  const [edit, runTest, run] = [useRefusal('edit'), useRefusal('runTest'), useRefusal('run')];
  return useMemo(() => ({ edit, runTest, run }), [edit, runTest, run]);
}

/** The page at `/dataflows/:id`: fetches the flow, then hands it to the studio. */
export function StudioPage({ inspector }: StudioPageProps) {
  const { id = '' } = useParams();
  const { ready, stored, error, retry, takeStored } = useOpenDataflow(id);
  const name = useDocument((open) => open.history.state.document.name);
  useDocumentTitle(`${(ready && name) || stored?.document.name || 'Dataflow'} · IdentitySync Studio`);
  const [view, setView] = useState<View>('canvas');
  const [unfinishedSource, setUnfinishedSource] = useState<string>();
  const [problemsOpen, setProblemsOpen] = useState(false);
  const [shortcutsOpen, setShortcutsOpen] = useState(false);
  const [quickAdd, setQuickAdd] = useState<QuickAdd>();
  const [canvas, setCanvas] = useState<Canvas>();
  const { fullScreen, toggleFullScreen } = useFullScreen();
  const refusals = useRefusals();
  const { saving, save, run, conflict, dropConflict } = useSaving({
    unfinished: unfinishedSource !== undefined,
    onProblems: useCallback(() => setProblemsOpen(true), []),
    onUnfinished: useCallback(() => setView('source'), []),
  });

  const studio = useMemo(
    () => ({
      ...{
        view,
        setView,
        unfinishedSource,
        setUnfinishedSource,
        problemsOpen,
        setProblemsOpen,
        shortcutsOpen,
        setShortcutsOpen,
        quickAdd,
        setQuickAdd,
      },
      ...{ refusals, canvas, setCanvas, fullScreen, toggleFullScreen, saving, save: () => save(), run },
    }),
    [view, unfinishedSource, problemsOpen, shortcutsOpen, quickAdd, refusals, canvas, fullScreen, toggleFullScreen, saving, save, run],
  );

  if (error && !ready) return <ErrorPanel title="The dataflow could not be opened" error={error} onRetry={() => void retry()} />;
  if (!ready) return <StudioSkeleton />;
  return (
    <StudioContext value={studio}>
      <ReactFlowProvider>
        <Studio inspector={inspector} />
      </ReactFlowProvider>
      <ConflictDialog
        version={conflict?.version}
        onKeepMine={() => void save(conflict?.version)}
        onTakeTheirs={() => {
          dropConflict();
          void takeStored();
        }}
        onClose={dropConflict}
      />
    </StudioContext>
  );
}
