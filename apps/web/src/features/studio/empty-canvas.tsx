import { Button, Text, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { documentStore } from '../../document/store.ts';
import classes from './canvas.module.css';
import { openQuickAdd } from './open-quick-add.ts';
import { useStudio } from './studio-context.ts';

/** What an empty flow teaches: begin with a reader, end with a writer. */
export function EmptyCanvas() {
  const studio = useStudio();
  return (
    <div className={classes.empty}>
      <Title order={2}>An empty flow</Title>
      <Text c="dimmed" maw={400}>
        Drag a reader from the left onto the canvas, then draw an arrow from it to what comes next. Copied steps can be pasted here too.
      </Text>
      <Button variant="light" leftSection={<IconPlus size={16} />} onClick={() => openQuickAdd({ store: documentStore, studio })}>
        Add the first step
      </Button>
    </div>
  );
}
