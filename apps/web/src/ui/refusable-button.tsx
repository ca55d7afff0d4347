import { Button, type ButtonProps, Tooltip } from '@mantine/core';
import type { ReactNode } from 'react';

interface RefusableButtonProps extends Omit<ButtonProps, 'disabled'> {
  /** Why it cannot be pressed now; shown in place of the hint. */
  refusal?: string | undefined;
  hint?: string | undefined;
  /** Unavailable for a moment or for an obvious reason, which needs no words. */
  disabled?: boolean;
  children: ReactNode;
  onClick(): void;
}

/** A button that stays where the keyboard can reach it when it is refused, so that everybody can learn why. */
export function RefusableButton({ refusal, hint, disabled = false, children, onClick, ...look }: RefusableButtonProps) {
  const button = (
    <Button
      {...look}
      disabled={disabled && refusal === undefined}
      {...(refusal !== undefined && { 'data-disabled': true })}
      aria-disabled={refusal !== undefined || undefined}
      onClick={() => refusal === undefined && onClick()}
    >
      {children}
    </Button>
  );
  const label = refusal ?? hint;
  return label === undefined ? button : <Tooltip label={label}>{button}</Tooltip>;
}
