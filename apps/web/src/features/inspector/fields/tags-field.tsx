import type { Json } from '@idsync/engine/dataflow';
import { TagsInput } from '@mantine/core';
import { useId } from 'react';
import { documentStore } from '../../../document/store.ts';
import { useFault } from '../form-context.ts';
import { itemsOf, placeholderOf } from '../form-model.ts';
import { FieldFrame } from './field-frame.tsx';
import { asText, errorOf, type FieldProps } from './field-props.ts';

export function TagsField({ field, value, path, onChange }: FieldProps) {
  const id = useId();
  return (
    <FieldFrame field={field} path={path} id={id}>
      <TagsControl id={id} field={field} value={value} path={path} onChange={onChange} />
    </FieldFrame>
  );
}

/** A short list of texts or numbers; Enter and leaving the input end a tag. One text alone is stored as text where that is allowed, as it may hold commas. */
export function TagsControl({ id, field, value, path, onChange, label }: FieldProps & { id?: string; label?: string }) {
  const fault = useFault(path);
  const tags = (Array.isArray(value) ? value : [value]).map(asText).filter((tag) => tag !== '');
  const types = [itemsOf(field.schema).type].flat();
  const isNumeric = types.includes('integer') || types.includes('number');
  const read = (tag: string): Json => (isNumeric && Number.isFinite(Number(tag)) ? Number(tag) : tag);
  const set = (next: readonly string[]) => {
    const [only, ...others] = next.map(read);
    if (only === undefined) return onChange(undefined);
    onChange(others.length === 0 && !isNumeric ? only : [only, ...others]);
  };
  return (
    <TagsInput
      {...(id !== undefined && { id })}
      aria-label={label}
      aria-required={field.required}
      size="sm"
      error={errorOf(fault, label)}
      splitChars={isNumeric ? [',', ' ', '\n', '\t'] : ['\n', '\t']}
      acceptValueOnBlur
      placeholder={tags.length === 0 ? (placeholderOf(field) ?? 'Enter adds it') : ''}
      value={tags}
      onChange={set}
      onBlur={() => documentStore.getState().endGesture()}
    />
  );
}
