import { type DataflowDocument, formatDocument, mapSecrets, maskSecrets, parseDocument } from '@idsync/engine/dataflow';
import type { SecretBox } from '../storage/secret-box.ts';
import { lookup } from './check-document.ts';

/** The text that is stored: keys in their order, every secret encrypted for this dataflow. */
export const sealDocument = (document: DataflowDocument, secrets: SecretBox, dataflowId: string): string =>
  formatDocument(mapSecrets(document, lookup, (value) => secrets.seal(value, dataflowId)));

/** The stored document with its secrets in clear. Never part of an answer. */
export const openDocument = (text: string, secrets: SecretBox, dataflowId: string): DataflowDocument =>
  mapSecrets(readStored(text), lookup, (value) => secrets.open(value, dataflowId));

/** The stored document as people may see it. */
export const maskDocument = (text: string): DataflowDocument => maskSecrets(readStored(text), lookup);

function readStored(text: string): DataflowDocument {
  const { document } = parseDocument(text);
  if (!document) throw new Error('A stored dataflow cannot be read.');
  return document;
}
