import { Button, Menu, Text } from '@mantine/core';
import { IconCheck, IconChevronDown, IconWorld } from '@tabler/icons-react';
import { useSession } from '../../lib/session.ts';

/** Chooses the site whose flows are shown. With one site it only names it. */
export function SiteSwitcher() {
  const { site, sites, chooseSite } = useSession();
  if (!site) return null;
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          visibleFrom="xs"
          leftSection={<IconWorld size={16} stroke={1.75} />}
          rightSection={<IconChevronDown size={14} />}
          aria-label={`Site: ${site.name}`}
        >
          {site.name}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Sites</Menu.Label>
        {sites.map((each) => (
          <Menu.Item
            key={each.apiKey}
            onClick={() => chooseSite(each.apiKey)}
            rightSection={each.apiKey === site.apiKey ? <IconCheck size={16} aria-label="chosen" /> : null}
          >
            {each.name}
            <Text size="xs" c="dimmed" ff="monospace" truncate>
              {each.apiKey}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
