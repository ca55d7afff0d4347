import { Avatar, Badge, Code, Group, Table, Text, Title } from '@mantine/core';
import { useSession } from '../../lib/session.ts';
import { Page } from '../../ui/page.tsx';
import { Surface } from '../../ui/surface.tsx';

/** Who is signed in, what they may do, and which sites they see. */
export function AccountPage() {
  const { user, sites } = useSession();
  return (
    <Page title="Account" narrow>
      <Surface padded>
        <Group>
          <Avatar name={user.name} color="petrol" size={48} />
          <div>
            <Text fw={600}>{user.name}</Text>
            <Text c="dimmed">{user.email}</Text>
          </div>
          <Badge variant="light" ml="auto" tt="none" size="lg">
            {user.role}
          </Badge>
        </Group>
      </Surface>
      <Title order={2} mt="xl" mb="sm">
        Sites you can see
      </Title>
      <Surface>
        <Table verticalSpacing="sm" horizontalSpacing="md">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>API key</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {sites.map((site) => (
              <Table.Tr key={site.apiKey}>
                <Table.Td>{site.name}</Table.Td>
                <Table.Td>
                  <Code>{site.apiKey}</Code>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Surface>
    </Page>
  );
}
