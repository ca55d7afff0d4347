import type { DataflowDocument, Issue, Layout } from '@idsync/engine/dataflow';
import type { Services } from '../services.ts';
import { checkValue } from './check-document.ts';
import { findDataflow } from './find-dataflow.ts';
import { maskDocument, openDocument } from './stored-document.ts';

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
  return {
    id,
    apiKey: row.apiKey,
    version: row.version,
    document: maskDocument(row.document),
    layout: row.layout as Layout,
    issues: checkValue(openDocument(row.document, services.secrets, id)).issues,
    updateTime: row.updatedAt.toISOString(),
    updatedByName: row.updatedByName,
    lastRuntime: row.lastRuntime?.toISOString() ?? null,
  };
}
