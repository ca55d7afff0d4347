import { type DataflowRow, dataflowObject } from '../objects/dataflow-object.ts';
import { listedBy, number, siteIdOf, type Table, text, time } from './table.ts';

const scopeOf = (from: string, drafts: boolean): Table['scope'] => {
  const kept = drafts ? 'd."keptAsDraft"' : 'NOT d."keptAsDraft"';
  return (bind, apiKey) => `${from} WHERE d."apiKey" = ${bind(apiKey)} AND d."removedAt" IS NULL AND ${kept}`;
};

const SITE_ID = siteIdOf('d."apiKey"');
const STATUS = `CASE WHEN d."keptAsDraft" THEN 'draft' ELSE 'published' END`;
const siteFields = [text('apiKey', 'd."apiKey"'), number('siteId', SITE_ID), text('status', STATUS)];

const dataflows = (name: string, drafts: boolean): Table<DataflowRow> => ({
  name,
  scope: scopeOf('FROM dataflow AS d', drafts),
  columns: `d.*, ${SITE_ID} AS "siteId"`,
  fields: [
    text('id', 'd.id'),
    text('name', 'd.name'),
    text('description', 'd.description'),
    number('version', 'd.version'),
    listedBy('createTime', 'd."createdAt"'),
    time('updateTime', 'd."updatedAt"'),
    time('lastRuntime', 'd."lastRuntime"'),
    text('updatedByName', 'd."updatedByName"'),
    text('updatedByEmail', 'd."updatedByEmail"'),
    ...siteFields,
  ],
  otherFields: ['steps'],
  key: [text('id', 'd.id')],
  usualOrder: { field: 'createTime', descending: true },
  toObjects: (rows, { secrets }) => rows.map((row) => dataflowObject(row, secrets)),
});

const versions = (name: string, drafts: boolean): Table<DataflowRow> => ({
  name,
  scope: scopeOf('FROM dataflow_version AS v JOIN dataflow AS d ON d.id = v."dataflowId"', drafts),
  columns: `d.id, d."apiKey", d."keptAsDraft", v.version, v.document, NULL::timestamptz AS "lastRuntime", v."createdAt", v."createdAt" AS "updatedAt",
    v."createdByName" AS "updatedByName", NULL AS "updatedByEmail", ${SITE_ID} AS "siteId"`,
  fields: [
    text('id', 'd.id'),
    text('name', 'v.name'),
    number('version', 'v.version'),
    listedBy('createTime', 'v."createdAt"'),
    time('updateTime', 'v."createdAt"'),
    text('updatedByName', 'v."createdByName"'),
    ...siteFields,
  ],
  otherFields: ['description', 'steps'],
  key: [text('id', 'd.id'), number('version', 'v.version')],
  usualOrder: { field: 'createTime', descending: true },
  toObjects: (rows, { secrets }) => rows.map((row) => dataflowObject(row, secrets)),
});

/** Dataflows and their versions; those kept as drafts stand apart. Only the newest version of a dataflow is in the first two. */
export const dataflowTables = [
  dataflows('dataflow', false),
  dataflows('dataflow_draft', true),
  versions('dataflow_version', false),
  versions('dataflow_draft_version', true),
] as const;
