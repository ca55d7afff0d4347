import { keepMasked, type Step } from '@idsync/engine/dataflow';
import type { Services } from '../services.ts';
import { siteCredentials } from '../sites/site-credentials.ts';
import { tryConnection } from '../worker/try-connection.ts';
import { checkValue, lookup } from './check-document.ts';
import { findDataflow } from './find-dataflow.ts';
import { openDocument } from './stored-document.ts';

export interface ConnectionTest {
  /** Masked secrets of the step are filled from this dataflow, as long as the step goes where the stored one goes. */
  dataflowId?: string | undefined;
  /** Site of a dataflow that is not saved yet. */
  apiKey?: string | undefined;
  step: Step;
}

/** Opens the step's connection in a process of its own, tests it, closes it. */
export async function testConnection(
  services: Services,
  { dataflowId, apiKey, step }: ConnectionTest,
): Promise<{ ok: boolean; message: string }> {
  const row = dataflowId === undefined ? undefined : await findDataflow(services, dataflowId);
  const alone = { steps: [{ ...step, next: [], error: [] }] };
  const filled = row ? keepMasked(alone, openDocument(row.document, services.secrets, row.id), lookup) : alone;
  const faults = checkValue(filled).issues.filter((issue) => issue.field?.startsWith('params') && issue.severity === 'error');
  if (faults.length > 0) return { ok: false, message: faults.map((issue) => `${issue.message} ${issue.remedy}`).join(' ') };
  const siteKey = row?.apiKey ?? apiKey;
  const site = siteKey === undefined ? undefined : await siteCredentials(services, siteKey);
  return tryConnection(services, { document: filled, ...(site && { site }) });
}
