import type { DataRecord } from '@idsync/engine/dataflow';
import type { ComponentType } from 'react';
import { type FieldKind, storedName, withParam } from '../form-model.ts';
import classes from '../inspector.module.css';
import type { FieldProps } from './field-props.ts';
import { JsonField } from './json-field.tsx';
import { NumberField } from './number-field.tsx';
import { PairsField } from './pairs-field.tsx';
import { ScriptField } from './script-field.tsx';
import { SecretField } from './secret-field.tsx';
import { SelectField } from './select-field.tsx';
import { SwitchField } from './switch-field.tsx';
import { TableField } from './table-field.tsx';
import { TextField } from './text-field.tsx';

const inputs: Record<FieldKind, ComponentType<FieldProps>> = {
  text: TextField,
  'long-text': TextField,
  secret: SecretField,
  number: NumberField,
  switch: SwitchField,
  select: SelectField,
  strings: TableField,
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
  return (
    <fieldset className={classes.object} data-field={path}>
      <legend className={classes.label}>{field.title}</legend>
      {field.inner.map((member) => {
        const name = storedName(member, members);
        return (
          <ParamField
            key={member.name}
            field={member}
            value={members[name]}
            path={`${path}.${name}`}
            onChange={(next) => {
              const changed = withParam(members, name, next);
              onChange(Object.keys(changed).length === 0 ? undefined : changed);
            }}
          />
        );
      })}
    </fieldset>
  );
}
