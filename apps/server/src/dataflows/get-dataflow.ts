import { type DataflowDocument, type Issue, type Layout, maskSecrets } from '@idsync/engine/dataflow';
import type { Services } from '../services.ts';
import { checkValue, lookup } from './check-document.ts';
import { findDataflow } from './find-dataflow.ts';
import { openDocument } from './stored-document.ts';

export interface DataflowDetails {
  id: string;
  apiKey: string;
  version: number;
  /** Secrets are masked. */
  document: DataflowDocument;
  layout: Layout;
  issues: Issue[];
  updateTime: string;
  updatedByName: string;
  lastRuntime: string | null;
}

export async function getDataflow(services: Services, id: string): Promise<DataflowDetails> {
  const row = await findDataflow(services, id);
  const document = openDocument(row.document, services.secrets, id);
  return {
    id,
    apiKey: row.apiKey,
    version: row.version,
    document: maskSecrets(document, lookup),
    layout: row.layout as Layout,
    issues: checkValue(document).issues,
    updateTime: row.updatedAt.toISOString(),
    updatedByName: row.updatedByName,
    lastRuntime: row.lastRuntime?.toISOString() ?? null,
  };
}
