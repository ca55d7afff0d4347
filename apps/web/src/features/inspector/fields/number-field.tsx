import { NumberInput } from '@mantine/core';
import { useId } from 'react';
import { documentStore } from '../../../document/store.ts';
import { useFault } from '../form-context.ts';
import { placeholderOf } from '../form-model.ts';
import { FieldFrame } from './field-frame.tsx';
import { asText, errorOf, type FieldProps } from './field-props.ts';
import { Unit } from './text-field.tsx';

export function NumberField({ field, value, path, onChange }: FieldProps) {
  const id = useId();
  return (
    <FieldFrame field={field} path={path} id={id}>
      <NumberControl id={id} field={field} value={value} path={path} onChange={onChange} />
    </FieldFrame>
  );
}

/** A number; anything else that stands in the flow is shown and kept until it is changed. */
export function NumberControl({ id, field, value, path, onChange, label }: FieldProps & { id?: string; label?: string }) {
  const fault = useFault(path);
  const { schema } = field;
  return (
    <NumberInput
      {...(id !== undefined && { id })}
      aria-label={label}
      aria-required={field.required}
      size="sm"
      value={typeof value === 'number' ? value : asText(value)}
      error={errorOf(fault, label)}
      placeholder={placeholderOf(field)}
      hideControls={schema.unit !== undefined}
      {...(schema.unit && { rightSection: <Unit text={schema.unit} />, rightSectionWidth: 'auto' })}
      onChange={(next) => onChange(next === '' ? undefined : next)}
      onBlur={() => documentStore.getState().endGesture()}
    />
  );
}
