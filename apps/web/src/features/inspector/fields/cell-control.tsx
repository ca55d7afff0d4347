import type { FieldProps } from './field-props.ts';
import { NumberControl } from './number-field.tsx';
import { SelectControl } from './select-field.tsx';
import { SwitchControl } from './switch-field.tsx';
import { TagsControl } from './tags-field.tsx';
import { TextControl } from './text-field.tsx';

/** The bare input of a table's cell. */
export function CellControl(props: FieldProps & { label: string }) {
  switch (props.field.kind) {
    case 'number':
      return <NumberControl {...props} />;
    case 'switch':
      return <SwitchControl {...props} />;
    case 'select':
      return <SelectControl {...props} />;
    case 'tags':
      return <TagsControl {...props} />;
    default:
      return <TextControl {...props} />;
  }
}
