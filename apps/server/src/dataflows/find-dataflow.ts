import type { Dataflow } from '@idsync/prisma/types';
import { Refusal } from '../refusal.ts';
import type { Services } from '../services.ts';

/** The row of a dataflow that was not removed. */
export async function findDataflow({ prisma }: Pick<Services, 'prisma'>, id: string): Promise<Dataflow> {
  const row = await prisma.dataflow.findFirst({ where: { id, removedAt: null } });
  if (!row) throw new Refusal('not-found', `There is no dataflow ${id}. It may have been removed.`);
  return row;
}
