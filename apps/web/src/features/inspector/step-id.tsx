import { TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { useDocument } from '../../document/store.ts';
import classes from './inspector.module.css';

/** The step's id. Arrows follow a rename; an id that another step has is refused here. */
export function StepId({ id }: { id: string }) {
  const push = useDocument((open) => open.push);
  const wanted = useDocument((open) => open.inspected?.field === 'id');
  const ids = useDocument((open) => open.history.state.document.steps);
  const [text, setText] = useState(id);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => setText(id), [id]);
  useEffect(() => {
    if (wanted) input.current?.select();
  }, [wanted]);
  const trimmed = text.trim();
  const fault =
    trimmed === ''
      ? 'A step needs an id.'
      : trimmed !== id && ids.some((step) => step.id === trimmed)
        ? 'Another step has this id.'
        : undefined;
  const keep = () => {
    if (fault !== undefined) return setText(id);
    if (trimmed !== id) push({ type: 'rename-step', from: id, to: trimmed }, { title: `Rename ${id}` });
  };
  return (
    <TextInput
      ref={input}
      label="ID"
      classNames={{ label: classes.idLabel ?? '' }}
      size="sm"
      value={text}
      error={fault}
      spellCheck={false}
      data-field="id"
      onChange={(event) => setText(event.currentTarget.value)}
      onBlur={keep}
      onKeyDown={(event) => {
        if (event.key === 'Enter') keep();
        if (event.key === 'Escape') setText(id);
      }}
    />
  );
}
