import { MASK } from '@idsync/engine/dataflow';
import { PasswordInput } from '@mantine/core';
import { type ClipboardEvent, useId } from 'react';
import { documentStore } from '../../../document/store.ts';
import { useFault } from '../form-context.ts';
import classes from '../inspector.module.css';
import { FieldFrame } from './field-frame.tsx';
import { asText, type FieldProps } from './field-props.ts';

/** A stored secret reads as the mask and cannot be shown; typing replaces it. Pasted keys keep their line breaks, which an input would drop. */
export function SecretField({ field, value, path, onChange }: FieldProps) {
  const id = useId();
  const fault = useFault(path);
  const text = asText(value);
  const stored = text === MASK;
  const set = (next: string) => onChange(next === '' ? undefined : next);
  const paste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData('text/plain');
    if (!/[\r\n]/.test(pasted.trim())) return;
    event.preventDefault();
    set(pasted);
  };
  return (
    <FieldFrame field={field} path={path} id={id} given={text !== ''}>
      <PasswordInput
        id={id}
        size="sm"
        aria-required={field.required}
        error={fault !== undefined}
        visibilityToggleButtonProps={{ 'aria-label': `Show ${field.title}`, disabled: stored }}
        autoComplete="new-password"
        data-1p-ignore
        value={text}
        onFocus={(event) => stored && event.currentTarget.select()}
        onPaste={paste}
        onChange={(event) => set(stored ? event.currentTarget.value.replace(MASK, '') : event.currentTarget.value)}
        onBlur={() => documentStore.getState().endGesture()}
      />
      {stored && <p className={classes.hint}>Stored. It stays unchanged unless you type another.</p>}
    </FieldFrame>
  );
}
