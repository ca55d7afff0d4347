import type { CSSProperties } from 'react';
import classes from './component-icon.module.css';
import { colourOf, iconOf } from './component-look.ts';

interface ComponentIconProps {
  type: string;
  /** `md` in lists, `lg` on cards and heads. */
  size: 'md' | 'lg';
  /** Grey, for a component this build does not have. */
  muted?: boolean;
}

/** A component's icon on a tile in the colour of its group. */
export function ComponentIcon({ type, size, muted = false }: ComponentIconProps) {
  const Icon = iconOf(type);
  return (
    <span
      className={classes.tile}
      data-size={size}
      style={{ '--tile-colour': muted ? 'var(--ids-text-muted)' : colourOf(type) } as CSSProperties}
    >
      <Icon size={size === 'lg' ? 20 : 16} stroke={1.65} aria-hidden />
    </span>
  );
}
