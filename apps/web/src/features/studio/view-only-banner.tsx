import { IconEye } from '@tabler/icons-react';
import { useStudio } from './studio-context.ts';
import classes from './studio-page.module.css';

/** Told before somebody works on what they could not save. */
export function ViewOnlyBanner() {
  const { refusals } = useStudio();
  if (refusals.edit === undefined) return null;
  return (
    <div className={classes.banner} data-tone="quiet" role="note">
      <IconEye size={16} stroke={1.75} aria-hidden />
      <span>You can look at this flow and try things out here, but not save them. {refusals.edit}</span>
    </div>
  );
}
