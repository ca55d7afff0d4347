import { type CatalogueEntry, type Json, paramsOf, type Step } from '@idsync/engine/dataflow';
import { useMemo, useState } from 'react';
import { FieldList } from './field-list.tsx';
import { JsonField } from './fields/json-field.tsx';
import { ParamField } from './fields/param-field.tsx';
import { type FormField, fieldsOf, unknownParams } from './form-model.ts';
import classes from './inspector.module.css';
import { useSetParams } from './use-set-params.ts';

const jsonField = (title: string, help: string): FormField => ({
  name: 'params',
  title,
  help,
  kind: 'json',
  required: false,
  orElse: [],
  schema: {},
  options: [],
  inner: [],
});

/** The inputs of a step, and what the component does not know as JSON. */
export function ParamForm({ step, entry }: { step: Step; entry: CatalogueEntry }) {
  const fields = useMemo(() => fieldsOf(entry.params), [entry]);
  const setParams = useSetParams(step);
  return (
    <div className={classes.form}>
      <FieldList fields={fields} params={paramsOf(step)} path="params" input={ParamField} advancedTitle="Advanced" onChange={setParams} />
      {fields.length === 0 && <p className={classes.hint}>This component has nothing to set.</p>}
      <UnknownParams step={step} fields={fields} />
    </div>
  );
}

/** Parameters the component does not know are kept with the flow and can be changed or taken away. */
function UnknownParams({ step, fields }: { step: Step; fields: readonly FormField[] }) {
  const setParams = useSetParams(step);
  const params = paramsOf(step);
  const names = unknownParams(fields, params);
  const [shown] = useState(names.length > 0);
  if (!shown && names.length === 0) return null;
  const known = Object.fromEntries(Object.entries(params).filter(([name]) => !names.includes(name)));
  const unknown = Object.fromEntries(names.map((name) => [name, params[name] ?? null]));
  const field = jsonField('Other parameters', 'Stored with the flow. This component does not use them.');
  const set = (value: Json | undefined) => setParams({ ...known, ...(isObject(value) ? value : {}) }, '(other)', field.title);
  return <JsonField field={field} value={names.length > 0 ? unknown : undefined} path="params" onChange={set} />;
}

/** All parameters as JSON, for a component this build does not have. */
export function RawParams({ step }: { step: Step }) {
  const setParams = useSetParams(step);
  const field = jsonField('Parameters', 'Kept with the flow exactly as they stand here.');
  return (
    <JsonField
      field={field}
      value={step.params ?? undefined}
      path="params"
      onChange={(value) => setParams(isObject(value) ? value : {}, '(all)', field.title)}
    />
  );
}

const isObject = (value: Json | undefined): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
