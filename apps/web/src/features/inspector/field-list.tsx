import type { DataRecord } from '@idsync/engine/dataflow';
import { Collapse, UnstyledButton } from '@mantine/core';
import { IconChevronRight } from '@tabler/icons-react';
import { type ComponentType, useState } from 'react';
import { useDocument } from '../../document/store.ts';
import type { FieldProps } from './fields/field-props.ts';
import { useForm } from './form-context.ts';
import { type FormField, fieldsInUse, storedName, withParam } from './form-model.ts';
import classes from './inspector.module.css';

interface FieldListProps {
  fields: readonly FormField[];
  params: DataRecord;
  /** Where the params stand in the step: `params`, `params.paging`. */
  path: string;
  /** Draws one of them. */
  input: ComponentType<FieldProps>;
  /** What the folded part is called. */
  advancedTitle: string;
  /** All params, with the name and title of the one that has changed. */
  onChange(params: DataRecord, name: string, title: string): void;
}

/** The inputs of a parameter object that have a use as things are set: everyday ones first, the advanced folded. */
export function FieldList({ fields, params, path, input: Input, advancedTitle, onChange }: FieldListProps) {
  const { issues } = useForm();
  const wanted = useDocument((open) => open.inspected?.field);
  const inUse = fieldsInUse(fields, params);
  const advanced = inUse.filter((field) => field.schema.advanced);
  const pathOf = (field: FormField) => `${path}.${storedName(field, params)}`;
  const needsSight = advanced.some(
    (field) => wanted?.startsWith(pathOf(field)) || issues.some((issue) => issue.field?.startsWith(pathOf(field))),
  );
  const [unfolded, setUnfolded] = useState(false);
  const open = unfolded || needsSight;

  const draw = (field: FormField) => {
    const name = storedName(field, params);
    const change = (value: DataRecord[string] | undefined) => onChange(withParam(params, name, value), name, field.title);
    return <Input key={field.name} field={field} value={params[name]} path={`${path}.${name}`} onChange={change} />;
  };
  return (
    <>
      {inUse.filter((field) => !field.schema.advanced).map(draw)}
      {advanced.length > 0 && (
        <div>
          <UnstyledButton className={classes.fold} aria-expanded={open} aria-label={advancedTitle} onClick={() => setUnfolded(!open)}>
            <IconChevronRight size={16} aria-hidden />
            Advanced
            {!open && <span className={classes.foldNames}>{advanced.map((field) => field.title).join(', ')}</span>}
          </UnstyledButton>
          <Collapse expanded={open}>
            <div className={classes.folded}>{advanced.map(draw)}</div>
          </Collapse>
        </div>
      )}
    </>
  );
}
