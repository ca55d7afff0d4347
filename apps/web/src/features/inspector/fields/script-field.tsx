import { decodeBase64Text, encodeBase64Text } from '@idsync/engine/dataflow';
import { Button } from '@mantine/core';
import { IconCode } from '@tabler/icons-react';
import { useId, useState } from 'react';
import { documentStore } from '../../../document/store.ts';
import { useForm } from '../form-context.ts';
import classes from '../inspector.module.css';
import { FieldFrame } from './field-frame.tsx';
import { asText, type FieldProps } from './field-props.ts';

/** The first lines of a script, and the way into its editor. The stored text is base64 when the schema says so. */
export function ScriptField({ field, value, path, onChange }: FieldProps) {
  const id = useId();
  const { step, scriptEditor: ScriptEditor } = useForm();
  const [editing, setEditing] = useState(false);
  const stored = asText(value);
  const source = field.schema.base64 ? (decodeBase64Text(stored) ?? stored) : stored;
  const lines = source.split('\n');
  return (
    <FieldFrame field={field} path={path} id={id}>
      {source.trim() !== '' && (
        <pre className={classes.script} aria-hidden>
          {lines.slice(0, 8).join('\n')}
          {lines.length > 8 && `\n… ${lines.length - 8} more lines`}
        </pre>
      )}
      <Button
        id={id}
        aria-label="Edit script"
        variant="default"
        size="sm"
        fullWidth
        leftSection={<IconCode size={16} stroke={1.75} />}
        onClick={() => setEditing(true)}
      >
        Edit script
      </Button>
      {editing && (
        <ScriptEditor
          step={step}
          source={source}
          onChange={(text) => onChange(field.schema.base64 ? encodeBase64Text(text) : text)}
          onClose={() => {
            documentStore.getState().endGesture();
            setEditing(false);
          }}
        />
      )}
    </FieldFrame>
  );
}
