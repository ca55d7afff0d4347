import { type DataflowDocument, type Issue, type Layout, outlineOf } from '@idsync/engine/dataflow';
import { newId } from '../new-id.ts';
import type { Services } from '../services.ts';
import { storableText } from '../storage/storable.ts';
import type { Author } from '../users/roles.ts';
import { hasErrors } from './check-document.ts';
import { sealDocument } from './stored-document.ts';

export interface Draft {
  apiKey: string;
  document: DataflowDocument;
  layout?: Layout;
  issues: readonly Issue[];
  keptAsDraft?: boolean;
}

interface Columns {
  name: string;
  description: string;
  outline: string;
  status: string;
  keptAsDraft: boolean;
}

/** Columns that follow from a document. */
export function columnsOf(document: DataflowDocument, issues: readonly Issue[], keptAsDraft = false): Columns {
  return {
    name: storableText(document.name?.trim() || 'Untitled dataflow'),
    description: storableText(document.description ?? ''),
    outline: storableText(outlineOf(document)),
    status: hasErrors(issues) || keptAsDraft ? 'draft' : 'published',
    keptAsDraft,
  };
}

/** Stores a new dataflow as version 1, whatever its issues: with errors it is a draft and cannot run. */
export async function insertDataflow({ prisma, secrets }: Services, user: Author, draft: Draft): Promise<string> {
  const id = newId();
  const document = sealDocument(draft.document, secrets, id);
  const columns = columnsOf(draft.document, draft.issues, draft.keptAsDraft);
  await prisma.dataflow.create({
    data: {
      id,
      apiKey: draft.apiKey,
      ...columns,
      document,
      layout: draft.layout ?? {},
      updatedAt: new Date(),
      updatedByName: user.name,
      updatedByEmail: user.email ?? null,
      versions: { create: { version: 1, name: columns.name, document, createdByName: user.name } },
    },
  });
  return id;
}
