import { Loader } from '@mantine/core';
import { type ComponentType, lazy, Suspense } from 'react';
import { useDocument } from '../../document/store.ts';
import { Canvas } from './canvas.tsx';
import { DraftBanner } from './draft-banner.tsx';
import { PaletteDrawer } from './palette-drawer.tsx';
import { ProblemList } from './problem-list.tsx';
import { QuickAdd } from './quick-add.tsx';
import { ShortcutSheet } from './shortcut-sheet.tsx';
import { StepList } from './step-list.tsx';
import { StudioBar } from './studio-bar.tsx';
import { useStudio } from './studio-context.ts';
import classes from './studio-page.module.css';
import { useClipboard } from './use-clipboard.ts';
import { useKeyboard } from './use-keyboard.ts';
import { useLeaveGuard } from './use-leave-guard.ts';
import { useOfferedCommands } from './use-offered-commands.ts';
import { ViewOnlyBanner } from './view-only-banner.tsx';

const SourceView = lazy(async () => ({ default: (await import('./source-view.tsx')).SourceView }));

/** The open flow: its bar, the components, the view of it, and the parameters of one step. */
export function Studio({ inspector: Inspector }: { inspector: ComponentType }) {
  const { view } = useStudio();
  const inspected = useDocument((open) => open.inspected !== undefined);
  useKeyboard();
  useClipboard();
  useLeaveGuard();
  useOfferedCommands();
  return (
    <div className={classes.studio}>
      <StudioBar />
      <ViewOnlyBanner />
      <DraftBanner />
      <div className={classes.body}>
        {view !== 'source' && <PaletteDrawer />}
        <div className={classes.stage}>
          <div className={classes.view}>
            {view === 'canvas' && <Canvas />}
            {view === 'list' && <StepList />}
            {view === 'source' && (
              <Suspense fallback={<Loader className={classes.loader} aria-label="Opening the editor" />}>
                <SourceView />
              </Suspense>
            )}
          </div>
          <ProblemList />
        </div>
        {inspected && view !== 'source' && <Inspector />}
      </div>
      <QuickAdd />
      <ShortcutSheet />
    </div>
  );
}
