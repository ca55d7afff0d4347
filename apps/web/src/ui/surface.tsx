import type { ReactNode } from 'react';
import classes from './surface.module.css';

/** A bordered ground for tables, forms and drawings. Wide tables scroll inside it. */
export function Surface({ padded = false, label, children }: { padded?: boolean; label?: string; children: ReactNode }) {
  return (
    <section className={classes.surface} data-padded={padded || undefined} aria-label={label}>
      {children}
    </section>
  );
}
