import { IconHistory, IconRoute } from '@tabler/icons-react';
import { Link, NavLink } from 'react-router';
import { Logo } from '../../ui/logo.tsx';
import { AccountMenu } from './account-menu.tsx';
import { CommandPalette } from './command-palette.tsx';
import classes from './shell.module.css';
import { SiteSwitcher } from './site-switcher.tsx';
import { ThemeSwitch } from './theme-switch.tsx';

export function TopBar() {
  return (
    <header className={classes.bar}>
      <Link to="/" className={classes.brand} aria-label="IdentitySync Studio, home">
        <Logo />
        <span>
          IdentitySync <span>Studio</span>
        </span>
      </Link>
      <nav aria-label="Main" className={classes.nav}>
        <NavLink to="/" end className={classes.link ?? ''}>
          <IconRoute size={16} stroke={1.75} aria-hidden="true" />
          Dataflows
        </NavLink>
        <NavLink to="/jobs" className={classes.link ?? ''}>
          <IconHistory size={16} stroke={1.75} aria-hidden="true" />
          Jobs
        </NavLink>
      </nav>
      <div className={classes.spacer} />
      <SiteSwitcher />
      <CommandPalette />
      <ThemeSwitch />
      <AccountMenu />
    </header>
  );
}
