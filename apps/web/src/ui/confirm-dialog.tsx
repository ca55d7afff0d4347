import { Button, Group, Modal } from '@mantine/core';
import type { ReactNode } from 'react';

interface ConfirmDialogProps {
  opened: boolean;
  title: string;
  /** Names what will be lost or stopped, and what stays. */
  children: ReactNode;
  confirm: string;
  /** The harmless answer. */
  keep?: string;
  busy?: boolean;
  extra?: ReactNode;
  onConfirm(): void;
  onClose(): void;
}

/** Asks before something that cannot be taken back. The harmless button has the focus. */
export function ConfirmDialog({
  opened,
  title,
  children,
  confirm,
  keep = 'Keep',
  busy = false,
  extra,
  onConfirm,
  onClose,
}: ConfirmDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} closeButtonProps={{ 'aria-label': 'Close' }}>
      {children}
      <Group justify="flex-end" mt="lg" gap="xs">
        {extra}
        <Button variant="default" onClick={onClose} data-autofocus>
          {keep}
        </Button>
        <Button color="red" onClick={onConfirm} loading={busy}>
          {confirm}
        </Button>
      </Group>
    </Modal>
  );
}
