import { ActionIcon, Code, Popover, Stack, Text } from '@mantine/core';
import { IconHelpCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useFault } from '../form-context.ts';
import { defaultText, type FormField } from '../form-model.ts';
import { InlineCode } from '../inline-code.tsx';
import classes from '../inspector.module.css';

interface FieldFrameProps {
  field: FormField;
  path: string;
  id: string;
  /** Beside the title, at the right: a switch. */
  control?: ReactNode;
  /** It has a value, so that what to give in its place need not be said. */
  given?: boolean;
  children?: ReactNode;
}

/** Title, star, help and fault around an input. */
export function FieldFrame({ field, path, id, control, given = false, children }: FieldFrameProps) {
  const fault = useFault(path);
  return (
    <div className={classes.field} data-field={path} data-fault={fault !== undefined || undefined}>
      <div className={classes.fieldHead}>
        <label htmlFor={id} className={classes.label}>
          {field.title}
        </label>
        {field.required && <RequiredStar />}
        {field.help && <FieldHelp field={field} />}
        {control && <span className={classes.control}>{control}</span>}
      </div>
      {children}
      {field.idle && <p className={classes.hint}>Not used with {idleReason(field)}. Kept until you empty it.</p>}
      {field.orElse.length > 0 && !given && <p className={classes.hint}>Needed unless given: {field.orElse.join(', ')}.</p>}
      {fault !== undefined && (
        <p className={classes.fault} id={`${id}-fault`} role="alert">
          {fault}
        </p>
      )}
    </div>
  );
}

export function RequiredStar() {
  return (
    <span className={classes.star} aria-hidden title="Required">
      *
    </span>
  );
}

/** `this type`, in the name of the parameter that decides. */
const idleReason = ({ schema }: FormField): string => `this ${Object.keys(schema.onlyWith ?? {}).join(' and ')}`;

/** `300 seconds by default, 10 to 600`, as far as the schema says so. */
function factsOf(field: FormField): string {
  const { unit, minimum, maximum } = field.schema;
  const preset = defaultText(field);
  const facts = [
    preset === undefined ? undefined : `${unit ? `${preset} ${unit}` : preset} by default`,
    minimum !== undefined && maximum !== undefined && maximum < Number.MAX_SAFE_INTEGER
      ? `from ${minimum.toLocaleString('en')} to ${maximum.toLocaleString('en')}`
      : undefined,
  ];
  const text = facts.filter((fact) => fact !== undefined).join(', ');
  return text === '' ? '' : `${text[0]?.toUpperCase()}${text.slice(1)}.`;
}

export function FieldHelp({ field }: { field: FormField }) {
  const { help = '', schema, name, title } = field;
  const facts = factsOf(field);
  return (
    <Popover width={320} position="bottom-start" shadow="md" withArrow>
      <Popover.Target>
        <ActionIcon variant="transparent" color="gray" size="xs" aria-label={`Help: ${title}`}>
          <IconHelpCircle size={16} stroke={1.6} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text size="sm">
            <InlineCode text={help} />
          </Text>
          {facts !== '' && (
            <Text size="xs" c="dimmed">
              {facts}
            </Text>
          )}
          {schema.examples && schema.examples.length > 0 && (
            <Text size="xs" c="dimmed" component="div">
              For example{' '}
              {schema.examples.map((example) => (
                <Code key={String(example)} mr={4}>
                  {String(example)}
                </Code>
              ))}
            </Text>
          )}
          <Text size="xs" c="dimmed">
            In the source: <Code>{name}</Code>
          </Text>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
