import { type CatalogueEntry, type Json, paramsOf, type Step } from '@idsync/engine/dataflow';
import { Collapse, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useDocument } from '../../document/store.ts';
import { JsonField } from './fields/json-field.tsx';
import { ParamField } from './fields/param-field.tsx';
import { useForm } from './form-context.ts';
import { type FormField, fieldsOf, storedName, unknownParams, withParam } from './form-model.ts';
import classes from './inspector.module.css';

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

/** Pushes a step's params as one entry of the undo list for each field that is edited. */
function useSetParams(step: Step) {
  const push = useDocument((open) => open.push);
  return (params: Step['params'], field: string, title: string) =>
    push({ type: 'set-params', id: step.id, params: params ?? {} }, { title: `Change ${title}`, gesture: `params:${step.id}:${field}` });
}

/** The inputs of a step: everyday ones first, the advanced folded, and what the component does not know as JSON. */
export function ParamForm({ step, entry }: { step: Step; entry: CatalogueEntry }) {
  const { issues } = useForm();
  const fields = useMemo(() => fieldsOf(entry.params), [entry]);
  const setParams = useSetParams(step);
  const params = paramsOf(step);
  const wanted = useDocument((open) => open.inspected?.field);
  const advanced = fields.filter((field) => field.schema.advanced);
  const pathOf = (field: FormField) => `params.${storedName(field, params)}`;
  const needsSight = advanced.some(
    (field) => wanted?.startsWith(pathOf(field)) || issues.some((issue) => issue.field?.startsWith(pathOf(field))),
  );
  const [unfolded, setUnfolded] = useState(false);
  const open = unfolded || needsSight;

  const input = (field: FormField) => {
    const name = storedName(field, params);
    const change = (value: Json | undefined) => setParams(withParam(params, name, value), name, field.title);
    return <ParamField key={field.name} field={field} value={params[name]} path={`params.${name}`} onChange={change} />;
  };
  return (
    <div className={classes.form}>
      {fields.filter((field) => !field.schema.advanced).map(input)}
      {fields.length === 0 && <p className={classes.hint}>This component has nothing to set.</p>}
      {advanced.length > 0 && (
        <>
          <UnstyledButton className={classes.fold} aria-expanded={open} onClick={() => setUnfolded(!open)}>
            <IconChevronRight size={16} aria-hidden />
            Advanced
          </UnstyledButton>
          <Collapse expanded={open}>
            <div className={classes.form}>{advanced.map(input)}</div>
          </Collapse>
        </>
      )}
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
