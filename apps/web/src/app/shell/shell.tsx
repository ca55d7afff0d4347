import { Outlet, useMatches } from 'react-router';
import classes from './shell.module.css';
import { TopBar } from './top-bar.tsx';

const wantsFill = (handle: unknown): boolean => typeof handle === 'object' && handle !== null && 'fill' in handle;

/** The frame around every signed-in page. */
export function Shell() {
  const fill = useMatches().some((match) => wantsFill(match.handle));
  return (
    <div className={classes.shell} data-fill={fill || undefined}>
      <a href="#main" className={classes.skip}>
        Skip to the page
      </a>
      <TopBar />
      <main id="main" tabIndex={-1} className={classes.main}>
        <Outlet />
      </main>
    </div>
  );
}
