import { components } from '@idsync/engine/components';
import {
  checkDocument as checkAgainst,
  type DataflowDocument,
  type Issue,
  lookupOfComponents,
  MASK,
  mapSecrets,
  parseDocument,
} from '@idsync/engine/dataflow';

/** The parameters of every component this server has, as checks and masking need them. */
export const lookup = lookupOfComponents(components);

export interface Checked {
  /** Undefined when the text or value is no dataflow at all. */
  document: DataflowDocument | undefined;
  issues: Issue[];
}

/** Reads text as a person pastes it (comments, trailing commas) and tells what is wrong with it. */
export function checkText(text: string): Checked {
  const { document, issues } = parseDocument(text);
  return { document, issues: document ? [...issues, ...checkPlain(document)] : issues };
}

/** The same for a value that a client sent. */
export const checkValue = (document: DataflowDocument): Checked => checkText(JSON.stringify(document));

export const hasErrors = (issues: readonly Issue[]): boolean => issues.some((issue) => issue.severity === 'error');

function checkPlain(document: DataflowDocument): Issue[] {
  return [...checkAgainst(document, lookup), ...checkMasks(document)];
}

/** A mask that no stored value stands behind, as in a dataflow that was exported elsewhere. */
function checkMasks(document: DataflowDocument): Issue[] {
  const issues: Issue[] = [];
  mapSecrets(document, lookup, (value, step, param) => {
    if (value === MASK) {
      issues.push({
        severity: 'error',
        code: 'missing-secret',
        step,
        field: `params.${param}`,
        message: `${param} of step ${step} holds only the mask ${MASK}, not the secret itself.`,
        remedy: 'Enter the secret; dataflows are exported and copied without their secrets.',
      });
    }
    return value;
  });
  return issues;
}
