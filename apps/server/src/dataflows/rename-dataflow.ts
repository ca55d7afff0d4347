import type { Layout } from '@idsync/engine/dataflow';
import type { Services } from '../services.ts';
import type { SignedInUser } from '../users/roles.ts';
import { findDataflow } from './find-dataflow.ts';
import { type Saved, saveDataflow } from './save-dataflow.ts';
import { maskDocument } from './stored-document.ts';

/** Gives the dataflow another name and description; like any change of the document this makes a new version. */
export async function renameDataflow(
  services: Services,
  user: SignedInUser,
  { id, name, description }: { id: string; name: string; description: string },
): Promise<Saved> {
  const row = await findDataflow(services, id);
  const document = { ...maskDocument(row.document, services.secrets, id), name, description };
  return saveDataflow(services, user, {
    id,
    document,
    layout: row.layout as Layout,
    baseVersion: row.version,
    keptAsDraft: row.keptAsDraft,
  });
}
