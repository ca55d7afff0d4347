import type { DataflowDocument } from '@idsync/engine/dataflow';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import { maskDocument, openDocument } from './stored-document.ts';

export interface VersionOf {
  dataflowId: string;
  dataflowVersion: number;
}

/** One version as people may see it, also of a dataflow that was removed. */
export const versionDocument = async (services: Pick<Services, 'prisma' | 'secrets'>, version: VersionOf): Promise<DataflowDocument> =>
  maskDocument(await versionText(services, version), services.secrets, version.dataflowId);

/** One version with its secrets in clear, for the process that runs it. Never part of an answer. */
export const openVersion = async (services: Pick<Services, 'prisma' | 'secrets'>, version: VersionOf): Promise<DataflowDocument> =>
  openDocument(await versionText(services, version), services.secrets, version.dataflowId);

async function versionText({ prisma }: Pick<Services, 'prisma'>, { dataflowId, dataflowVersion: version }: VersionOf): Promise<string> {
  const row = await prisma.dataflowVersion.findUnique({
    where: { dataflowId_version: { dataflowId, version } },
    select: { document: true },
  });
  if (!row) throw new Refusal('not-found', `Version ${version} of dataflow ${dataflowId} is not stored any more.`);
  return row.document;
}
