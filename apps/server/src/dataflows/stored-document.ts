import {
  type DataflowDocument,
  formatDocument,
  type Json,
  mapSecrets,
  maskSecrets,
  parseDocument,
  type Step,
} from '@idsync/engine/dataflow';
import { isSealed, type SecretBox } from '../storage/secret-box.ts';
import { lookup } from './check-document.ts';

/**
 * The text that is stored: keys in their order, every secret encrypted for this dataflow. A plain text that looks encrypted is
 * encrypted too, so that whatever looks so in the store is.
 */
export function sealDocument(document: DataflowDocument, secrets: SecretBox, dataflowId: string): string {
  const marked = mapTexts(document, (text) => (isSealed(text) ? secrets.seal(text, dataflowId) : text));
  const sealed = mapSecrets(marked, lookup, (value) => (isSealed(value) ? value : secrets.seal(value, dataflowId)));
  return formatDocument(sealed);
}

/**
 * The stored document with its secrets in clear. Never part of an answer. Goes by what is encrypted, not by what components
 * call a secret today: a component may have been added since.
 */
export const openDocument = (text: string, secrets: SecretBox, dataflowId: string): DataflowDocument =>
  mapTexts(readStored(text), (value) => (isSealed(value) ? secrets.open(value, dataflowId) : value));

/** The stored document as people may see it. */
export const maskDocument = (text: string, secrets: SecretBox, dataflowId: string): DataflowDocument =>
  maskSecrets(openDocument(text, secrets, dataflowId), lookup);

function readStored(text: string): DataflowDocument {
  const { document } = parseDocument(text);
  if (!document) throw new Error('A stored dataflow cannot be read.');
  return document;
}

/** Replaces every text inside the parameters of the steps. */
function mapTexts(document: DataflowDocument, map: (text: string) => string): DataflowDocument {
  const walk = (value: Json): Json => {
    if (typeof value === 'string') return map(value);
    if (Array.isArray(value)) return value.map(walk);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, walk(inner)]));
  };
  const mapStep = (step: Step): Step => (step.params ? { ...step, params: walk(step.params) as NonNullable<Step['params']> } : step);
  return { ...document, steps: document.steps.map(mapStep) };
}
