import type { Step } from '@idsync/engine/dataflow';

/** The parameters that tell one step from another at a glance, most telling first. */
const telling = [
  'host',
  'bucketName',
  'container',
  'fileName',
  'dataExtension',
  'listId',
  'select',
  'from',
  'query',
  'expression',
  'remotePath',
  'path',
  'url',
  'blobUri',
  'fileNameRegex',
  'objectType',
  'method',
  'field',
  'targetField',
  'baseUrl',
  'apiUrl',
  'endpoint',
  'siteId',
  'dpid',
  'type',
  'format',
];

/** One short line for the card: `host · folder`, `profile.email, +3`, or nothing when no parameter tells anything. */
export function keyParameter(step: Step): string | undefined {
  const params = step.params ?? {};
  if (typeof params.script === 'string') return undefined;
  if (Array.isArray(params.fields)) return fieldsLine(params.fields);
  const name = telling.find((candidate) => saysSomething(params[candidate]));
  if (!name) return undefined;
  const value = String(params[name]);
  if (name === 'host' && typeof params.remotePath === 'string' && params.remotePath !== '') return `${value} · ${params.remotePath}`;
  return name === 'select' ? listLine(value.split(',').map((part) => part.trim())) : value.replace(/^https?:\/\//, '');
}

/** All fields (`*`) is what nobody has to be told. */
const saysSomething = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '' && value.trim() !== '*';

function fieldsLine(fields: readonly unknown[]): string | undefined {
  return listLine(fields.map(fieldText).filter((text) => text !== ''));
}

function fieldText(field: unknown): string {
  if (typeof field === 'string') return field;
  if (typeof field !== 'object' || field === null) return '';
  const { sourceField, targetField, field: name } = field as Record<string, unknown>;
  if (typeof sourceField === 'string' && typeof targetField === 'string') return `${sourceField} → ${targetField}`;
  return [sourceField, targetField, name].find((text): text is string => typeof text === 'string') ?? '';
}

function listLine(parts: readonly string[]): string | undefined {
  const [first, ...rest] = parts;
  if (first === undefined) return undefined;
  return rest.length === 0 ? first : `${first}, +${rest.length}`;
}
