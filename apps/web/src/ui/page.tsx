import { Anchor, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { IconChevronLeft } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { Link } from 'react-router';
import classes from './page.module.css';

interface PageProps {
  title: string;
  /** One line under the title. */
  lead?: ReactNode;
  back?: { to: string; label: string };
  /** Beside the title. */
  mark?: ReactNode;
  actions?: ReactNode;
  narrow?: boolean;
  children: ReactNode;
}

/** The column every page but the studio stands in; also names the browser tab. */
export function Page({ title, lead, back, mark, actions, narrow = false, children }: PageProps) {
  useDocumentTitle(`${title} · IdentitySync Studio`);
  return (
    <div className={classes.page} data-narrow={narrow || undefined}>
      <header className={classes.header}>
        <div className={classes.words}>
          {back && (
            <Anchor component={Link} to={back.to} className={classes.back} size="sm">
              <IconChevronLeft size={14} aria-hidden="true" />
              {back.label}
            </Anchor>
          )}
          <div className={classes.titleRow}>
            <Title order={1} className={classes.title}>
              {title}
            </Title>
            {mark}
          </div>
          {lead && <div className={classes.lead}>{lead}</div>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  );
}
