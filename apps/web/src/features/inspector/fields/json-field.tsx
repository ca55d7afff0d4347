import type { Json } from '@idsync/engine/dataflow';
import { Textarea } from '@mantine/core';
import { useEffect, useId, useState } from 'react';
import { documentStore } from '../../../document/store.ts';
import classes from '../inspector.module.css';
import { FieldFrame } from './field-frame.tsx';
import type { FieldProps } from './field-props.ts';

const textOf = (value: Json | undefined) => (value === undefined ? '' : JSON.stringify(value, null, 2));

function read(text: string): { value?: Json; fault?: string } {
  if (text.trim() === '') return {};
  try {
    return { value: JSON.parse(text) as Json };
  } catch {
    return { fault: 'This is not JSON yet; the last good text is kept.' };
  }
}

/** Anything a schema can say and no other input can show, as JSON. Text that is not JSON stays here and is not taken over. */
export function JsonField({ field, value, path, onChange }: FieldProps) {
  const id = useId();
  const [text, setText] = useState(() => textOf(value));
  const [fault, setFault] = useState<string>();
  useEffect(() => {
    setText((shown) => (JSON.stringify(read(shown).value) === JSON.stringify(value) ? shown : textOf(value)));
  }, [value]);
  const set = (next: string) => {
    setText(next);
    const answer = read(next);
    setFault(answer.fault);
    if (answer.fault === undefined) onChange(answer.value);
  };
  return (
    <FieldFrame field={field} path={path} id={id}>
      <Textarea
        id={id}
        autosize
        minRows={3}
        maxRows={24}
        spellCheck={false}
        value={text}
        error={fault}
        classNames={{ input: classes.mono ?? '' }}
        onChange={(event) => set(event.currentTarget.value)}
        onBlur={() => documentStore.getState().endGesture()}
      />
    </FieldFrame>
  );
}
