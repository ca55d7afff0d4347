import {
  type Icon,
  IconArrowsLeftRight,
  IconBuilding,
  IconCloud,
  IconCopy,
  IconFolder,
  IconMail,
  IconServer,
  IconSpeakerphone,
} from '@tabler/icons-react';
import type { TemplateGroup } from '../../../lib/api.ts';
import { countOf } from '../../../lib/format-number.ts';
import classes from './create.module.css';

const icons: Record<string, Icon> = {
  building: IconBuilding,
  cloud: IconCloud,
  copy: IconCopy,
  folder: IconFolder,
  mail: IconMail,
  server: IconServer,
  speakerphone: IconSpeakerphone,
};

interface IntegrationCardProps {
  group: TemplateGroup;
  checked: boolean;
  onChoose(): void;
}

export function IntegrationCard({ group, checked, onChoose }: IntegrationCardProps) {
  const Mark = icons[group.icon] ?? IconArrowsLeftRight;
  return (
    <label className={classes.card}>
      <input type="radio" name="integration" checked={checked} onChange={onChoose} className={classes.radio} aria-label={group.title} />
      <span className={classes.cardIcon}>
        <Mark size={22} stroke={1.5} aria-hidden="true" />
      </span>
      <span>
        <span className={classes.cardTitle}>{group.title}</span>
        <span className={classes.cardNote}>{countOf(group.templates.length, 'template')}</span>
      </span>
    </label>
  );
}
