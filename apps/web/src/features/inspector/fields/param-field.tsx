import type { DataRecord } from '@idsync/engine/dataflow';
import type { ComponentType } from 'react';
import { FieldList } from '../field-list.tsx';
import { useFault } from '../form-context.ts';
import type { FieldKind } from '../form-model.ts';
import classes from '../inspector.module.css';
import { FieldHelp, RequiredStar } from './field-frame.tsx';
import type { FieldProps } from './field-props.ts';
import { JsonField } from './json-field.tsx';
import { LongSecretField } from './long-secret-field.tsx';
import { NumberField } from './number-field.tsx';
import { PairsField } from './pairs-field.tsx';
import { ScriptField } from './script-field.tsx';
import { SecretField } from './secret-field.tsx';
import { SelectField } from './select-field.tsx';
import { SwitchField } from './switch-field.tsx';
import { TableField } from './table-field.tsx';
import { TagsField } from './tags-field.tsx';
import { TextField } from './text-field.tsx';

const inputs: Record<FieldKind, ComponentType<FieldProps>> = {
  text: TextField,
  'long-text': TextField,
  secret: SecretField,
  'long-secret': LongSecretField,
  number: NumberField,
  switch: SwitchField,
  select: SelectField,
  strings: TableField,
  tags: TagsField,
  table: TableField,
  object: ObjectField,
  pairs: PairsField,
  script: ScriptField,
  json: JsonField,
};

/** The input that fits a parameter. */
export function ParamField(props: FieldProps) {
  const Input = inputs[props.field.kind];
  return <Input {...props} />;
}

/** A parameter that holds parameters of its own. */
function ObjectField({ field, value, path, onChange }: FieldProps) {
  const members: DataRecord = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  const fault = useFault(path);
  return (
    <fieldset className={classes.object} data-field={path}>
      <legend className={classes.fieldHead}>
        <span className={classes.label}>{field.title}</span>
        {field.required && <RequiredStar />}
        {field.help && <FieldHelp field={field} />}
      </legend>
      <FieldList
        fields={field.inner}
        params={members}
        path={path}
        input={ParamField}
        advancedTitle={`Advanced: ${field.title}`}
        onChange={(changed) => onChange(Object.keys(changed).length === 0 ? undefined : changed)}
      />
      {fault !== undefined && (
        <p className={classes.fault} role="alert">
          {fault}
        </p>
      )}
    </fieldset>
  );
}
