import { Autocomplete, Text, Textarea, TextInput } from '@mantine/core';
import { useId } from 'react';
import { documentStore } from '../../../document/store.ts';
import { useFault, useForm } from '../form-context.ts';
import { placeholderOf } from '../form-model.ts';
import classes from '../inspector.module.css';
import { FieldFrame } from './field-frame.tsx';
import { asText, errorOf, type FieldProps } from './field-props.ts';

const endGesture = () => documentStore.getState().endGesture();

/** A line of text; field paths offer the fields known to arrive, code is set in a fixed width. */
export function TextField({ field, value, path, onChange }: FieldProps) {
  const id = useId();
  return (
    <FieldFrame field={field} path={path} id={id}>
      <TextControl id={id} field={field} value={value} path={path} onChange={onChange} />
    </FieldFrame>
  );
}

/** The bare input, for forms and for cells of a table. */
export function TextControl({ id, field, value, path, onChange, label }: FieldProps & { id?: string; label?: string }) {
  const { fieldNames } = useForm();
  const fault = useFault(path);
  const { schema, required } = field;
  const text = asText(value);
  const set = (next: string) => onChange(next === '' ? undefined : next);
  const common = {
    ...(id !== undefined && { id, 'aria-describedby': fault === undefined ? undefined : `${id}-fault` }),
    'aria-label': label,
    'aria-required': required,
    error: errorOf(fault, label),
    placeholder: placeholderOf(field),
    value: text,
    onBlur: endGesture,
    spellCheck: false,
    autoComplete: 'off',
    size: 'sm' as const,
  };
  if (schema.fieldPath)
    return (
      <Autocomplete
        {...common}
        data={fieldNames.slice()}
        limit={50}
        onChange={set}
        classNames={{ input: classes.mono ?? '' }}
        maxDropdownHeight={240}
      />
    );
  if (field.kind === 'long-text')
    return (
      <Textarea
        {...common}
        autosize
        minRows={field.schema.multiline ? 3 : 1}
        maxRows={field.schema.multiline ? 12 : 8}
        onChange={(event) => set(event.currentTarget.value)}
        classNames={{ input: classes.mono ?? '' }}
      />
    );
  return (
    <TextInput
      {...common}
      onChange={(event) => set(event.currentTarget.value)}
      {...(schema.language && { classNames: { input: classes.mono ?? '' } })}
      {...(schema.unit && { rightSection: <Unit text={schema.unit} />, rightSectionWidth: 'auto' })}
    />
  );
}

export function Unit({ text }: { text: string }) {
  return (
    <Text size="xs" c="dimmed" px="sm">
      {text}
    </Text>
  );
}
