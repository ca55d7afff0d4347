import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './panel.module.css';

interface EmptyStateProps {
  picture?: ReactNode;
  title: string;
  /** Says what would stand here and how to get it. */
  text: ReactNode;
  action?: ReactNode;
}

export function EmptyState({ picture, title, text, action }: EmptyStateProps) {
  return (
    <div className={classes.panel}>
      {picture && <div className={classes.picture}>{picture}</div>}
      <Title order={2}>{title}</Title>
      <Text c="dimmed" maw={520} component="div">
        {text}
      </Text>
      {action && <div className={classes.action}>{action}</div>}
    </div>
  );
}
