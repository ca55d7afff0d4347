import { ActionIcon, Avatar, Menu, Text } from '@mantine/core';
import { IconLogout, IconUser } from '@tabler/icons-react';
import { Link } from 'react-router';
import { authClient } from '../../lib/auth-client.ts';
import { useSession } from '../../lib/session.ts';

/** Leaves by a full page load, so that nothing of the session stays in memory. */
async function signOut() {
  await authClient.signOut();
  window.location.assign('/sign-in');
}

export function AccountMenu() {
  const { user } = useSession();
  return (
    <Menu position="bottom-end" width={240}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" radius="xl" aria-label={`Account: ${user.name}`}>
          <Avatar name={user.name} color="petrol" size={28} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--ids-text)">
            {user.name}
          </Text>
          {user.email}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item component={Link} to="/account" leftSection={<IconUser size={16} stroke={1.75} />}>
          Account
        </Menu.Item>
        <Menu.Item onClick={signOut} leftSection={<IconLogout size={16} stroke={1.75} />}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
