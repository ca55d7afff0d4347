import { type DataflowDocument, isDataRecord, type Step } from '@idsync/engine/dataflow';
import { maskDocument } from '../../dataflows/stored-document.ts';
import type { SecretBox } from '../../storage/secret-box.ts';

/** The columns of a dataflow, or of one of its versions, that its object is made of. */
export interface DataflowRow {
  id: string;
  apiKey: string;
  siteId: number;
  keptAsDraft: boolean;
  version: number;
  document: string;
  lastRuntime: Date | null;
  createdAt: Date;
  updatedAt: Date;
  updatedByName: string;
  updatedByEmail: string | null;
}

const serverOwned = [
  'id',
  'apiKey',
  'siteId',
  'status',
  'version',
  'createTime',
  'updateTime',
  'updatedByName',
  'updatedByEmail',
  'lastRuntime',
  'lastRunTime',
] as const;

/** A dataflow as the API shows it: secrets masked, fields without a value left out. */
export function dataflowObject(row: DataflowRow, secrets: SecretBox): Record<string, unknown> {
  const { name, description, steps, ...others } = withoutServerFields(maskDocument(row.document, secrets, row.id));
  return {
    id: row.id,
    name: name ?? '',
    description: description ?? '',
    steps,
    ...others,
    apiKey: row.apiKey,
    siteId: row.siteId,
    status: row.keptAsDraft ? 'draft' : 'published',
    version: row.version,
    createTime: row.createdAt.toISOString(),
    updateTime: row.updatedAt.toISOString(),
    updatedByName: row.updatedByName,
    ...(row.updatedByEmail && { updatedByEmail: row.updatedByEmail }),
    ...(row.lastRuntime && { lastRuntime: row.lastRuntime.toISOString() }),
  };
}

/** Clients post the fields of the server back unchanged; they are not part of the document. */
export function withoutServerFields(document: DataflowDocument): DataflowDocument {
  const kept = Object.entries(document).filter(([key]) => !serverOwned.some((owned) => owned === key));
  return Object.fromEntries(kept) as DataflowDocument;
}

/** Absent, null and empty mean the same in a step, and the order of keys has no meaning. */
export function comparable(document: DataflowDocument): object {
  const { name, description, steps, ...others } = withoutServerFields(document);
  return { ...others, name: name ?? '', description: description ?? '', steps: steps.map(comparableStep) };
}

function comparableStep(step: Step): object {
  const isEmpty = (value: unknown) =>
    value === undefined ||
    value === null ||
    (Array.isArray(value) && value.length === 0) ||
    (isDataRecord(value) && Object.keys(value).length === 0);
  return Object.fromEntries(Object.entries(step).filter(([key, value]) => !(['params', 'next', 'error'].includes(key) && isEmpty(value))));
}
