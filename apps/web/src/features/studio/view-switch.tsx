import { UnstyledButton } from '@mantine/core';
import { IconBinaryTree, IconCode, IconList } from '@tabler/icons-react';
import classes from './studio-bar.module.css';
import { useStudio, type View } from './studio-context.ts';

const views = [
  { view: 'canvas', title: 'Canvas', Icon: IconBinaryTree },
  { view: 'list', title: 'List', Icon: IconList },
  { view: 'source', title: 'Source', Icon: IconCode },
] as const satisfies readonly { view: View; title: string; Icon: typeof IconCode }[];

/** Three ways to see and change the same flow. */
export function ViewSwitch() {
  const { view, setView, unfinishedSource } = useStudio();
  return (
    <fieldset className={classes.views} aria-label="View">
      {views.map((each) => (
        <UnstyledButton key={each.view} className={classes.view} aria-pressed={view === each.view} onClick={() => setView(each.view)}>
          <each.Icon size={16} stroke={1.75} aria-hidden />
          {each.title}
          {each.view === 'source' && unfinishedSource !== undefined && (
            <span className={classes.unfinished} title="Holds text that is not a dataflow yet" />
          )}
        </UnstyledButton>
      ))}
    </fieldset>
  );
}
