import type { Json } from '@idsync/engine/dataflow';
import { TagsInput } from '@mantine/core';
import { useId } from 'react';
import { documentStore } from '../../../document/store.ts';
import { useFault } from '../form-context.ts';
import { defaultText, itemsOf } from '../form-model.ts';
import { FieldFrame } from './field-frame.tsx';
import { asText, type FieldProps } from './field-props.ts';

const tagsOf = (value: Json | undefined): string[] =>
  (Array.isArray(value) ? value.map(asText) : asText(value).split(',')).map((tag) => tag.trim()).filter((tag) => tag !== '');

/** A short list of texts or numbers; commas, Enter and leaving the input end a tag. Also shows a list that is stored as one text with commas. */
export function TagsField({ field, value, path, onChange }: FieldProps) {
  const id = useId();
  const fault = useFault(path);
  const tags = tagsOf(value);
  const types = [itemsOf(field.schema).type].flat();
  const isNumeric = types.includes('integer') || types.includes('number');
  const read = (tag: string): Json => (isNumeric && Number.isFinite(Number(tag)) ? Number(tag) : tag);
  const example = field.schema.examples?.map(String).find((text) => text.includes(',')) ?? field.schema.examples?.[0];
  const hint = defaultText(field) ?? (example === undefined ? 'Type, then Enter or a comma' : `e.g. ${example}`);
  return (
    <FieldFrame field={field} path={path} id={id}>
      <TagsInput
        id={id}
        size="sm"
        aria-required={field.required}
        error={fault !== undefined}
        splitChars={[',', '\n', '\t']}
        acceptValueOnBlur
        placeholder={tags.length === 0 ? hint : ''}
        value={tags}
        onChange={(next) => onChange(next.length === 0 ? undefined : next.map(read))}
        onBlur={() => documentStore.getState().endGesture()}
      />
    </FieldFrame>
  );
}
