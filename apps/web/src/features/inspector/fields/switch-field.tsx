import { Switch } from '@mantine/core';
import { useId } from 'react';
import { FieldFrame } from './field-frame.tsx';
import type { FieldProps } from './field-props.ts';

/** True, false, or what the default says. */
export function SwitchField({ field, value, path, onChange }: FieldProps) {
  const id = useId();
  return (
    <FieldFrame
      field={field}
      path={path}
      id={id}
      control={<SwitchControl id={id} field={field} value={value} path={path} onChange={onChange} />}
    />
  );
}

export function SwitchControl({ id, field, value, onChange, label }: FieldProps & { id?: string; label?: string }) {
  const shown = value === undefined || value === null || value === '' ? field.schema.default : value;
  return (
    <Switch
      {...(id !== undefined && { id })}
      aria-label={label}
      size="sm"
      checked={shown === true || String(shown).toLowerCase() === 'true'}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}
