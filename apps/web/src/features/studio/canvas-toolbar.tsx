import { UnstyledButton } from '@mantine/core';
import {
  IconAlertTriangle,
  IconCircleCheck,
  IconKeyboard,
  IconLayoutDistributeHorizontal,
  IconMaximize,
  IconMinus,
  IconPlus,
  IconZoomScan,
} from '@tabler/icons-react';
import { useDocument } from '../../document/store.ts';
import classes from './canvas.module.css';
import { CommandButton } from './command-button.tsx';
import { useStudio } from './studio-context.ts';

/** Zoom, order and help at the canvas' lower edge, and how many problems there are. */
export function CanvasToolbar() {
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="Canvas tools">
      <ProblemsButton />
      <span className={classes.rule} />
      <CommandButton id="zoom-out" icon={IconMinus} />
      <CommandButton id="zoom-in" icon={IconPlus} />
      <CommandButton id="fit" icon={IconZoomScan} />
      <span className={classes.rule} />
      <CommandButton id="auto-layout" icon={IconLayoutDistributeHorizontal} />
      <CommandButton id="full-screen" icon={IconMaximize} />
      <CommandButton id="shortcuts" icon={IconKeyboard} />
    </div>
  );
}

function ProblemsButton() {
  const { problemsOpen, setProblemsOpen } = useStudio();
  const count = useDocument((open) => open.issues.length);
  return (
    <UnstyledButton
      className={classes.problems}
      data-any={count > 0 || undefined}
      aria-expanded={problemsOpen}
      onClick={() => setProblemsOpen(!problemsOpen)}
    >
      {count > 0 ? <IconAlertTriangle size={16} stroke={1.75} aria-hidden /> : <IconCircleCheck size={16} stroke={1.75} aria-hidden />}
      {count === 0 ? 'No problems' : count === 1 ? '1 problem' : `${count} problems`}
    </UnstyledButton>
  );
}
