import { formatDocument } from '@idsync/engine/dataflow';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import { findDataflow } from './find-dataflow.ts';
import { maskDocument } from './stored-document.ts';

/**
 * Removes the dataflow. Its secrets are wiped from all versions; its jobs stay readable.
 * Refused while one of its jobs waits or runs.
 */
export async function removeDataflow(services: Services, id: string): Promise<{ id: string }> {
  const row = await findDataflow(services, id);
  const open = await services.prisma.job.findFirst({
    where: { dataflowId: id, status: { in: ['pending', 'running'] } },
    select: { id: true },
  });
  if (open) throw new Refusal('conflict', `Job ${open.id} of this dataflow has not ended. Stop it first.`);
  const versions = await services.prisma.dataflowVersion.findMany({ where: { dataflowId: id } });
  const wiped = (text: string) => formatDocument(maskDocument(text, services.secrets, id));
  await services.prisma.$transaction([
    services.prisma.dataflow.update({ where: { id }, data: { removedAt: new Date(), document: wiped(row.document) } }),
    ...versions.map(({ version, document }) =>
      services.prisma.dataflowVersion.update({
        where: { dataflowId_version: { dataflowId: id, version } },
        data: { document: wiped(document) },
      }),
    ),
  ]);
  return { id };
}
