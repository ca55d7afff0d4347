import { decodeBase64Text } from './base64-text.ts';
import type { Step } from './document.ts';
import type { Issue } from './issue.ts';
import { leavesOf, type ParamValue } from './json-schema.ts';
import { checkPlaceholders } from './placeholders.ts';
import { readParams } from './read-params.ts';
import type { ComponentTraits } from './traits.ts';

/** The parameters of one step. Of a component that is not known, nothing can be said. */
export function checkParams(step: Step, traits: ComponentTraits | undefined): Issue[] {
  if (!traits) return [];
  const ofValues = [...leavesOf(step.params ?? {}, traits.schema)].flatMap(checkLeaf);
  const told = new Set(ofValues.map(({ field }) => field));
  const ofSchema = readParams(traits, step.params).issues.filter(({ field }) => !told.has(field));
  return [...ofSchema, ...ofValues].map((issue) => ({ ...issue, step: step.id }));
}

function checkLeaf({ value, schema, name, path }: ParamValue): Issue[] {
  if (typeof value !== 'string' || value === '' || !schema) return [];
  const field = `params.${path}`;
  const label = schema.title ?? name;
  const fault = schema.placeholders ? checkPlaceholders(value, { records: schema.placeholders === 'records' }) : undefined;
  if (fault)
    return [
      {
        severity: 'warning',
        code: 'unknown-placeholder',
        field,
        message: `${label}: ${fault}`,
        remedy: 'As it stands, the text stays as it is.',
      },
    ];
  if (schema.base64 && !schema.secret && decodeBase64Text(value) === undefined) {
    const message = `${label} is not base64 of UTF-8 text.`;
    return [{ severity: 'error', code: 'invalid-base64', field, message, remedy: 'Paste it again; a cut-off copy is the usual cause.' }];
  }
  return [];
}
