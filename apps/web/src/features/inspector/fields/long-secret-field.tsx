import { MASK } from '@idsync/engine/dataflow';
import { ActionIcon, Textarea } from '@mantine/core';
import { IconEye, IconEyeOff } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { documentStore } from '../../../document/store.ts';
import { useFault } from '../form-context.ts';
import classes from '../inspector.module.css';
import { FieldFrame } from './field-frame.tsx';
import { asText, type FieldProps } from './field-props.ts';

/** A key of several lines, hidden until its eye is clicked. A stored one reads as the mask and cannot be shown; typing replaces it. */
export function LongSecretField({ field, value, path, onChange }: FieldProps) {
  const id = useId();
  const fault = useFault(path);
  const [shown, setShown] = useState(false);
  const text = asText(value);
  const stored = text === MASK;
  const set = (typed: string) => {
    const next = stored ? typed.replace(MASK, '') : typed;
    onChange(next === '' ? undefined : next);
  };
  return (
    <FieldFrame field={field} path={path} id={id} given={text !== ''}>
      <Textarea
        id={id}
        size="sm"
        autosize
        minRows={stored ? 1 : 3}
        maxRows={10}
        aria-required={field.required}
        error={fault !== undefined}
        spellCheck={false}
        autoComplete="off"
        data-1p-ignore
        placeholder="-----BEGIN …"
        classNames={{ input: shown || text === '' ? (classes.mono ?? '') : `${classes.mono} ${classes.hidden}` }}
        rightSectionProps={{ className: classes.eye ?? '' }}
        rightSection={!stored && <Eye title={field.title} shown={shown} onToggle={() => setShown(!shown)} />}
        value={text}
        onFocus={(event) => stored && event.currentTarget.select()}
        onChange={(event) => set(event.currentTarget.value)}
        onBlur={() => documentStore.getState().endGesture()}
      />
      {stored && <p className={classes.hint}>Stored. It stays unchanged unless you type another.</p>}
    </FieldFrame>
  );
}

function Eye({ title, shown, onToggle }: { title: string; shown: boolean; onToggle(): void }) {
  const Mark = shown ? IconEyeOff : IconEye;
  return (
    <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Show ${title}`} aria-pressed={shown} onClick={onToggle}>
      <Mark size={16} stroke={1.75} />
    </ActionIcon>
  );
}
