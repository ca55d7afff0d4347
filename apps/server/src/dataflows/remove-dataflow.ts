import { formatDocument } from '@idsync/engine/dataflow';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';
import { findDataflow } from './find-dataflow.ts';
import { maskDocument } from './stored-document.ts';

/**
 * Removes the dataflow and its schedules. Its secrets are wiped from all versions; its jobs stay readable.
 * Refused while one of its jobs waits or runs.
 */
export async function removeDataflow({ prisma, secrets }: Services, id: string): Promise<{ id: string }> {
  const { document: current } = await findDataflow({ prisma }, id);
  const wiped = (text: string) => formatDocument(maskDocument(text, secrets, id));
  await prisma.$transaction(async (db) => {
    // As Run does: no job can begin between the look and the removal.
    await db.$executeRaw`SELECT 1 FROM dataflow WHERE id = ${id} FOR UPDATE`;
    const open = await db.job.findFirst({ where: { dataflowId: id, status: { in: ['pending', 'running'] } }, select: { id: true } });
    if (open) throw new Refusal('conflict', `Job ${open.id} of this dataflow has not ended. Stop it first.`);
    await db.dataflow.update({ where: { id }, data: { removedAt: new Date(), document: wiped(current) } });
    await db.schedule.updateMany({ where: { dataflowId: id, removedAt: null }, data: { removedAt: new Date(), nextRunAt: null } });
    for (const { version, document } of await db.dataflowVersion.findMany({ where: { dataflowId: id } })) {
      const where = { dataflowId_version: { dataflowId: id, version } };
      await db.dataflowVersion.update({ where, data: { document: wiped(document) } });
    }
  });
  return { id };
}
