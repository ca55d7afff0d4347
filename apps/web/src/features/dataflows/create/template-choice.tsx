import { IconArrowBarToDown, IconArrowBarToUp } from '@tabler/icons-react';
import type { Template } from '../../../lib/api.ts';
import { OutlineChips } from '../outline/outline-chips.tsx';
import classes from './create.module.css';

interface TemplateChoiceProps {
  template: Template;
  checked: boolean;
  onChoose(): void;
}

/** A template with its direction and its outline drawn out. */
export function TemplateChoice({ template, checked, onChoose }: TemplateChoiceProps) {
  const outbound = template.direction === 'outbound';
  const Mark = outbound ? IconArrowBarToUp : IconArrowBarToDown;
  return (
    <label className={classes.template}>
      <input type="radio" name="template" checked={checked} onChange={onChoose} className={classes.radio} aria-label={template.title} />
      <span className={classes.direction}>
        <Mark size={16} stroke={1.75} aria-hidden="true" />
        {outbound ? 'Out of Gigya' : 'Into Gigya'}
      </span>
      <span className={classes.templateBody}>
        <span className={classes.cardTitle}>{template.title}</span>
        <OutlineChips outline={template.outline} large />
      </span>
    </label>
  );
}
