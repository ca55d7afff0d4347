import { Select } from '@mantine/core';
import { useId } from 'react';
import { useFault } from '../form-context.ts';
import { defaultText } from '../form-model.ts';
import { FieldFrame } from './field-frame.tsx';
import { asText, errorOf, type FieldProps } from './field-props.ts';

export function SelectField({ field, value, path, onChange }: FieldProps) {
  const id = useId();
  return (
    <FieldFrame field={field} path={path} id={id}>
      <SelectControl id={id} field={field} value={value} path={path} onChange={onChange} />
    </FieldFrame>
  );
}

/** One of the choices; a value that is none of them is shown too, so that nothing stored is hidden. */
export function SelectControl({ id, field, value, path, onChange, label }: FieldProps & { id?: string; label?: string }) {
  const fault = useFault(path);
  const text = asText(value);
  const known = field.options.find((option) => option.toLowerCase() === text.toLowerCase());
  const shown = known ?? (text === '' ? null : text);
  const data = shown === null || known !== undefined ? field.options : [...field.options, shown];
  const typed = (chosen: string) => field.schema.enum?.find((option) => String(option) === chosen) ?? chosen;
  return (
    <Select
      {...(id !== undefined && { id })}
      aria-label={label}
      aria-required={field.required}
      size="sm"
      data={[...data]}
      value={shown}
      error={errorOf(fault, label)}
      placeholder={defaultText(field) ?? 'Choose'}
      clearable={!field.required}
      allowDeselect={!field.required}
      checkIconPosition="right"
      onChange={(chosen) => onChange(chosen === null ? undefined : typed(chosen))}
    />
  );
}
