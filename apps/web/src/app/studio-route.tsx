import { LoadingOverlay } from '@mantine/core';
import { type ComponentProps, lazy, Suspense } from 'react';
import { Inspector } from '../features/inspector/inspector.tsx';
import { StudioPage } from '../features/studio/studio-page.tsx';

const LazyScriptEditor = lazy(async () => ({ default: (await import('../features/script-editor/script-editor.tsx')).ScriptEditor }));

function ScriptEditor(props: ComponentProps<typeof LazyScriptEditor>) {
  return (
    <Suspense fallback={<LoadingOverlay visible />}>
      <LazyScriptEditor {...props} />
    </Suspense>
  );
}

const StudioInspector = () => <Inspector scriptEditor={ScriptEditor} />;

/** Joins the studio with the inspector and the script editor, which know nothing of each other. */
export function StudioRoute() {
  return <StudioPage inspector={StudioInspector} />;
}
