import { ActionIcon } from '@mantine/core';
import { IconLayoutSidebarLeftExpand, IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { Palette } from './palette.tsx';
import classes from './studio-page.module.css';

/** The components beside the canvas; on a narrow screen they lie over it and are opened by a button. */
export function PaletteDrawer() {
  const [open, setOpen] = useState(false);
  const Mark = open ? IconX : IconLayoutSidebarLeftExpand;
  return (
    <>
      <div className={classes.palette} data-open={open || undefined}>
        <Palette />
      </div>
      <ActionIcon
        className={classes.paletteToggle}
        data-open={open || undefined}
        variant="default"
        size="lg"
        aria-label={open ? 'Hide components' : 'Show components'}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <Mark size={18} stroke={1.75} />
      </ActionIcon>
    </>
  );
}
