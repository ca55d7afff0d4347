import { Button, Text, Title } from '@mantine/core';
import { IconCloudOff } from '@tabler/icons-react';
import classes from './panel.module.css';

interface ErrorPanelProps {
  title: string;
  error: unknown;
  onRetry?: () => void;
  /** Takes the whole window, for faults before there is a page. */
  fill?: boolean;
}

/** What went wrong, in the words of whoever noticed it, and a way on. */
export function ErrorPanel({ title, error, onRetry, fill = false }: ErrorPanelProps) {
  return (
    <section role="alert" className={classes.panel} data-fill={fill || undefined}>
      <IconCloudOff size={32} stroke={1.5} className={classes.faultIcon} aria-hidden="true" />
      <Title order={2}>{title}</Title>
      <Text c="dimmed" maw={520}>
        {error instanceof Error ? error.message : String(error)}
      </Text>
      {onRetry && (
        <Button variant="default" onClick={onRetry} mt="xs">
          Try again
        </Button>
      )}
    </section>
  );
}
