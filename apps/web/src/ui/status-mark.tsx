import {
  type Icon,
  IconAlertTriangleFilled,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleXFilled,
  IconPlayerPlayFilled,
} from '@tabler/icons-react';
import classes from './status-mark.module.css';
import type { Tone } from './tone.ts';

const icons: Record<Tone, Icon> = {
  ok: IconCircleCheckFilled,
  warn: IconAlertTriangleFilled,
  fail: IconCircleXFilled,
  run: IconPlayerPlayFilled,
  idle: IconCircleDashed,
};

interface StatusMarkProps {
  tone: Tone;
  label: string;
  /** A second line in small type. */
  detail?: string | undefined;
  large?: boolean;
  /** Machine-readable state, for tests and style. */
  status?: string;
  testId?: string;
}

/** A state in shape, colour and words, so that no one of them has to be seen. */
export function StatusMark({ tone, label, detail, large = false, status, testId }: StatusMarkProps) {
  const Mark = icons[tone];
  return (
    <span className={classes.mark} data-tone={tone} data-large={large || undefined} data-status={status} data-testid={testId}>
      <Mark size={large ? 18 : 15} aria-hidden="true" className={classes.icon} />
      <span>
        <span className={classes.label}>{label}</span>
        {detail && <span className={classes.detail}>{detail}</span>}
      </span>
    </span>
  );
}
