import { Kbd } from '@mantine/core';
import classes from './keys.module.css';
import { keysOf, type Shortcut } from './shortcuts.ts';

export function Keys({ shortcut }: { shortcut: Shortcut }) {
  return (
    <span className={classes.keys}>
      {keysOf(shortcut).map((key) => (
        <Kbd key={key} size="xs">
          {key}
        </Kbd>
      ))}
    </span>
  );
}
