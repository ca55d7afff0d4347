import type { Layout } from '@idsync/engine/dataflow';
import type { Services } from '../services.ts';
import type { SignedInUser } from '../users/roles.ts';
import { checkValue } from './check-document.ts';
import { findDataflow } from './find-dataflow.ts';
import { openDocument } from './stored-document.ts';
import { insertDataflow } from './write-dataflow.ts';

/** A copy within the same site, secrets included, named "Copy of …", with a history of its own. */
export async function duplicateDataflow(services: Services, user: SignedInUser, id: string): Promise<{ id: string }> {
  const row = await findDataflow(services, id);
  const stored = openDocument(row.document, services.secrets, id);
  const document = { ...stored, name: `Copy of ${row.name}` };
  const { issues } = checkValue(document);
  return { id: await insertDataflow(services, user, { apiKey: row.apiKey, document, layout: row.layout as Layout, issues }) };
}
