import type { ReactFlowInstance } from '@xyflow/react';
import { createContext, useContext } from 'react';
import type { ArrowPath } from '../../document/connect-rules.ts';
import type { ArrowEdge, StepNode } from '../../document/drawing/projection.ts';
import type { Act } from '../../lib/permission.ts';

export type View = 'canvas' | 'list' | 'source';

/** Where the small palette is open, and what its choice is joined to. */
export interface QuickAdd {
  /** In the window, for the panel. */
  at: { x: number; y: number };
  /** On the canvas, for the step. */
  place: { x: number; y: number };
  after?: { step: string; path: ArrowPath } | undefined;
}

export type Canvas = ReactFlowInstance<StepNode, ArrowEdge>;

/** What the studio's parts share beside the document: views, panels, and what reaches the server. */
export interface Studio {
  view: View;
  setView(view: View): void;
  /** Text of the source view that is no dataflow yet; kept while other views are shown. */
  unfinishedSource: string | undefined;
  setUnfinishedSource(text: string | undefined): void;
  problemsOpen: boolean;
  setProblemsOpen(open: boolean): void;
  shortcutsOpen: boolean;
  setShortcutsOpen(open: boolean): void;
  quickAdd: QuickAdd | undefined;
  setQuickAdd(quickAdd: QuickAdd | undefined): void;
  /** Undefined while the canvas is not shown. */
  canvas: Canvas | undefined;
  setCanvas(canvas: Canvas | undefined): void;
  fullScreen: boolean;
  toggleFullScreen(): void;
  /** Why the person who is signed in may not do it; undefined where they may. */
  refusals: Partial<Record<Act, string | undefined>>;
  saving: boolean;
  /** Resolves to true when the server holds what is on the screen. */
  save(): Promise<boolean>;
  /** Saves first when needed, starts a job, and goes to its page. */
  run(options: { test: boolean }): Promise<void>;
}

export const StudioContext = createContext<Studio | undefined>(undefined);

export function useStudio(): Studio {
  const studio = useContext(StudioContext);
  if (!studio) throw new Error('This part of the studio stands outside StudioPage.');
  return studio;
}
