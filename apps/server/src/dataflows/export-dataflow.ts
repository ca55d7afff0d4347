import { formatDocument } from '@idsync/engine/dataflow';
import type { Services } from '../services.ts';
import { findDataflow } from './find-dataflow.ts';
import { maskDocument } from './stored-document.ts';

/** The dataflow as JSON text, equal to what was imported but for its secrets, which are masked. */
export async function exportDataflow(services: Services, id: string): Promise<{ text: string }> {
  const row = await findDataflow(services, id);
  return { text: formatDocument(maskDocument(row.document, services.secrets, id)) };
}
