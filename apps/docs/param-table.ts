import type { JSONSchema } from '@idsync/engine/dataflow';

interface Row {
  name: string;
  required: boolean;
  schema: JSONSchema;
}

/** The parameters of a component as a Markdown table; those inside lists and objects follow the one they belong to. */
export function paramTable(params: JSONSchema): string {
  const rows = rowsOf(params, '');
  if (rows.length === 0) return 'This component has no parameters.';
  const head = ['| Parameter | Value | Default | Meaning |', '| --- | --- | --- | --- |'];
  return [...head, ...rows.map(tableRow), ...groupNotes(params), ...legend(rows)].join('\n');
}

const sources: Record<string, string> = {
  doc: 'documented by the original',
  obs: 'seen in flows of the original',
  inf: 'inferred from flows of the original',
  choice: 'our choice',
};

function rowsOf(schema: JSONSchema, prefix: string): Row[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, property]) => {
    const name = `${prefix}${key}`;
    const row = { name, required: schema.required?.includes(key) ?? false, schema: property };
    const inside = property.type === 'array' ? property.items : property;
    return [row, ...rowsOf(inside ?? {}, property.type === 'array' ? `${name}[].` : `${name}.`)];
  });
}

function tableRow({ name, required, schema }: Row): string {
  const cells = [`\`${name}\`${required ? ' \\*' : ''}`, kindOf(schema), defaultOf(schema), meaningOf(schema)];
  return `| ${cells.map(cell).join(' | ')} |`;
}

const cell = (text: string) => text.replaceAll('|', '\\|').replace(/\s*\n\s*/g, ' ');
const code = (value: unknown) => (value === '' ? 'empty' : `\`${typeof value === 'string' ? visible(value) : JSON.stringify(value)}\``);
const visible = (text: string) => JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"');

function kindOf(schema: JSONSchema): string {
  const options = schema.enum ?? schema.anyOf?.flatMap((option) => option.const ?? option.enum ?? []);
  if (options && options.length > 0) return options.map(code).join(', ');
  if (schema.secret) return 'secret';
  if (schema.fieldPath) return 'field path';
  if (schema.language === 'javascript') return schema.base64 ? 'script, stored as base64' : 'script';
  if (schema.language) return { jexl: 'JEXL expression', regex: 'regular expression', 'gigya-query': 'query' }[schema.language];
  if (schema.type === 'array') return `list of ${pluralOf(schema.items ?? {})}`;
  return `${typeName(schema)}${schema.unit ? `, ${schema.unit}` : ''}${rangeOf(schema)}`;
}

function typeName(schema: JSONSchema): string {
  const names: Record<string, string> = {
    string: 'text',
    integer: 'whole number',
    number: 'number',
    boolean: 'true or false',
    object: 'object',
  };
  const types = schema.anyOf ? schema.anyOf.map(typeName) : [schema.type ?? []].flat().map((type) => names[type] ?? type);
  return types.length === 0 ? 'any value' : types.join(' or ');
}

const pluralOf = (schema: JSONSchema) =>
  schema.fieldPath
    ? 'field paths'
    : schema.enum
      ? `${schema.enum.map(code).join(', ')}`
      : schema.type === 'object'
        ? 'objects'
        : `${typeName(schema)}s`;

function rangeOf(schema: JSONSchema): string {
  if (schema.type !== 'integer' && schema.type !== 'number') return '';
  const { minimum, maximum, exclusiveMinimum: above, exclusiveMaximum: below } = schema;
  const low = isLimit(minimum) ? `from ${minimum}` : isLimit(above) ? `above ${above}` : '';
  const high = isLimit(maximum) ? `up to ${maximum}` : isLimit(below) ? `below ${below}` : '';
  if (isLimit(minimum) && isLimit(maximum)) return `, ${minimum} to ${maximum}`;
  return [low, high]
    .filter(Boolean)
    .map((bound) => `, ${bound}`)
    .join('');
}

/** Whole numbers carry the limits of exact arithmetic, which say nothing. */
const isLimit = (limit: number | undefined) => limit !== undefined && Math.abs(limit) < Number.MAX_SAFE_INTEGER;

const defaultOf = (schema: JSONSchema) => (schema.default === undefined ? '' : code(schema.default));

function meaningOf(schema: JSONSchema): string {
  const parts = [schema.title && `**${schema.title}.**`, schema.help];
  if (schema.examples?.length) parts.push(`For example ${schema.examples.map(code).join(', ')}.`);
  if (schema.placeholders) parts.push('May hold placeholders.');
  if (schema.formerly?.length) parts.push(`Older flows call it ${schema.formerly.map(code).join(', ')}.`);
  if (schema.source && schema.source !== 'doc') parts.push(`*(${sources[schema.source]})*`);
  return parts.filter(Boolean).join(' ');
}

const groupNotes = ({ requireOneOf = [] }: JSONSchema) =>
  requireOneOf.flatMap((group) => ['', `At least one of ${group.map(code).join(', ')} is needed.`]);

const legend = (rows: readonly Row[]) => (rows.some((row) => row.required) ? ['', '\\* must be set.'] : []);
