import { type DataflowDocument, formatDocument, type Issue, keepMasked, type Layout } from '@idsync/engine/dataflow';
import type { Dataflow } from '@idsync/prisma/types';
import type { Services } from '../services.ts';
import type { Author } from '../users/roles.ts';
import { checkValue, hasErrors, lookup } from './check-document.ts';
import { findDataflow } from './find-dataflow.ts';
import { openDocument, sealDocument } from './stored-document.ts';
import { columnsOf } from './write-dataflow.ts';

export interface SaveInput {
  id: string;
  document: DataflowDocument;
  layout: Layout;
  /** The version the person began from. */
  baseVersion: number;
  /** True keeps it a draft though it could run; otherwise saving publishes what has no errors. */
  keptAsDraft?: boolean;
}

export type Saved =
  | { saved: true; version: number; issues: Issue[] }
  | { saved: false; reason: 'invalid' | 'conflict'; version: number; issues: Issue[] };

/**
 * Saves over the version the person began from. Nothing is saved when somebody else saved in between, or when it has
 * errors and the stored one has none. The version moves only when the document changed; positions do not count.
 */
export async function saveDataflow(services: Services, user: Author, input: SaveInput): Promise<Saved> {
  const row = await findDataflow(services, input.id);
  const stored = openDocument(row.document, services.secrets, row.id);
  const { document, issues } = checkValue(keepMasked(input.document, stored, lookup));
  const { version } = row;
  if (version !== input.baseVersion) return { saved: false, reason: 'conflict', version, issues };
  if (!document || (hasErrors(issues) && row.status === 'published')) return { saved: false, reason: 'invalid', version, issues };
  const { layout, keptAsDraft = false } = input;
  const next = await replaceDocument(services, user, { row, stored, document, issues, layout, keptAsDraft });
  return next === undefined ? { saved: false, reason: 'conflict', version, issues } : { saved: true, version: next, issues };
}

interface Replacement {
  row: Dataflow;
  /** The document of the row, secrets in clear. */
  stored: DataflowDocument;
  document: DataflowDocument;
  issues: Issue[];
  layout: Layout;
  keptAsDraft: boolean;
}

/** Writes a checked document over the row it was made from; a new version only when it differs or is published now. Undefined when another save came first. */
export async function replaceDocument(services: Services, user: Author, replacement: Replacement): Promise<number | undefined> {
  const { row, stored, document, keptAsDraft } = replacement;
  const same = keptAsDraft === row.keptAsDraft && formatDocument(document) === formatDocument(stored);
  const next = same ? row.version : row.version + 1;
  return (await write(services, user, { ...replacement, next })) ? next : undefined;
}

/** False when another save came first. */
async function write(
  { prisma, secrets }: Services,
  user: Author,
  { row, document, issues, layout, keptAsDraft, next }: Replacement & { next: number },
): Promise<boolean> {
  const where = { id: row.id, version: row.version, removedAt: null };
  if (next === row.version) return (await prisma.dataflow.updateMany({ where, data: { layout } })).count === 1;
  const text = sealDocument(document, secrets, row.id);
  return prisma.$transaction(async (transaction) => {
    const columns = columnsOf(document, issues, keptAsDraft);
    const author = { updatedAt: new Date(), updatedByName: user.name, updatedByEmail: user.email ?? null };
    const data = { ...columns, ...author, document: text, layout, version: next };
    const { count } = await transaction.dataflow.updateMany({ where, data });
    if (count === 0) return false;
    await transaction.dataflowVersion.create({
      data: { dataflowId: row.id, version: next, name: columns.name, document: text, createdByName: user.name },
    });
    return true;
  });
}
