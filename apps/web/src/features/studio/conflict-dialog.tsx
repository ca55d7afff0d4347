import { Button, Group, Modal, Text } from '@mantine/core';

interface ConflictDialogProps {
  /** The version the server holds; undefined when there is no conflict. */
  version: number | undefined;
  onKeepMine(): void;
  onTakeTheirs(): void;
  onClose(): void;
}

/** Somebody saved in between: nothing is overwritten without saying what would be lost. */
export function ConflictDialog({ version, onKeepMine, onTakeTheirs, onClose }: ConflictDialogProps) {
  return (
    <Modal opened={version !== undefined} onClose={onClose} title="This flow was saved by someone else" size="lg">
      <Text>
        The server holds version {version}, which is newer than the one you began with. Saving over it replaces that version's changes with
        yours. Taking it discards your unsaved changes.
      </Text>
      <Group justify="flex-end" mt="lg">
        <Button variant="default" onClick={onClose}>
          Go on editing
        </Button>
        <Button variant="default" onClick={onTakeTheirs}>
          Discard mine
        </Button>
        <Button onClick={onKeepMine}>Save over version {version}</Button>
      </Group>
    </Modal>
  );
}
