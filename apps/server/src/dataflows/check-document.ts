import { components } from '@idsync/engine/components';
import {
  checkDocument as checkAgainst,
  checkMasks,
  type DataflowDocument,
  type Issue,
  lookupOfComponents,
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

const checkPlain = (document: DataflowDocument): Issue[] => [...checkAgainst(document, lookup), ...checkMasks(document, lookup)];
