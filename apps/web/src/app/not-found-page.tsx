import { Button, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { Link, useLocation } from 'react-router';
import classes from '../ui/panel.module.css';

export function NotFoundPage() {
  useDocumentTitle('Not found · IdentitySync Studio');
  const { pathname } = useLocation();
  return (
    <section className={classes.panel}>
      <Title order={1}>There is nothing at this address</Title>
      <Text c="dimmed" maw={520}>
        <code>{pathname}</code> is no page of the studio. A flow or job that was deleted also ends here.
      </Text>
      <Button component={Link} to="/" mt="xs">
        Go to the dataflows
      </Button>
    </section>
  );
}
