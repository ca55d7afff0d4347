import type { Json } from '@idsync/engine/dataflow';
import type { FormField } from '../form-model.ts';

export interface FieldProps {
  field: FormField;
  value: Json | undefined;
  /** Where it stands in the step, as issues write it: `params.fields[2].targetField`. */
  path: string;
  /** Undefined takes the parameter away, so that its default counts. */
  onChange(value: Json | undefined): void;
}

export const asText = (value: Json | undefined): string =>
  value === undefined || value === null ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);

/** In a form the frame tells the fault in words; a cell of a table has to tell it itself. */
export const errorOf = (fault: string | undefined, label: string | undefined): string | boolean =>
  label === undefined ? fault !== undefined : (fault ?? false);
