import { Skeleton } from '@mantine/core';
import { Logo } from '../../ui/logo.tsx';
import classes from './shell.module.css';

/** The frame while the session is asked for. */
export function ShellSkeleton() {
  return (
    <div className={classes.shell} aria-busy="true">
      <div className={classes.bar}>
        <span className={classes.brand}>
          <Logo />
        </span>
        <Skeleton width={180} height={16} />
        <div className={classes.spacer} />
        <Skeleton width={120} height={16} />
      </div>
    </div>
  );
}
