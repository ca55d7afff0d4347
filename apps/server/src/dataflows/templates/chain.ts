import type { DataflowDocument, DataRecord, Step } from '@idsync/engine/dataflow';

type Link = Pick<Step, 'id' | 'type'> & { params?: DataRecord };

/** A dataflow in which every step hands on to the next one. */
export function chain(name: string, links: readonly Link[]): DataflowDocument {
  const steps = links.map(({ id, type, params }, at): Step => {
    const next = links[at + 1];
    return { id, type, ...(params && { params }), ...(next && { next: [next.id] }) };
  });
  return { name, description: links.map((link) => link.id).join(' > '), steps };
}

/** Steps that many templates share. Parameters that only the person knows are left empty: the studio marks them. */
export const accounts = (select: string): Link => ({
  id: 'account',
  type: 'datasource.read.gigya.account',
  params: { select, deltaField: 'lastUpdatedTimestamp' },
});

export const rename = (fields: Record<string, string>): Link => ({
  id: 'rename',
  type: 'field.rename',
  params: { fields: Object.entries(fields).map(([sourceField, targetField]) => ({ sourceField, targetField })) },
});

export const remove = (...fields: string[]): Link => ({ id: 'remove', type: 'field.remove', params: { fields } });

export const writeDsv = (fileName: string): Link => ({
  id: 'dsv',
  type: 'file.format.dsv',
  params: { fileName, columnSeparator: ',', quoteFields: false, createEmptyFile: false },
});

export const writeJson = (fileName: string): Link => ({
  id: 'json',
  type: 'file.format.json',
  params: { fileName, createEmptyFile: false },
});

export const parseDsv: Link = {
  id: 'parse',
  type: 'file.parse.dsv',
  params: { columnSeparator: ',', fileCharset: 'UTF-8', inferTypes: false },
};

export const parseJson: Link = { id: 'parse', type: 'file.parse.json' };

export const gzip: Link = { id: 'gzip', type: 'file.compress.gzip' };

export const gunzip: Link = { id: 'gunzip', type: 'file.uncompress.gzip' };

export const updateAccounts: Link = { id: 'account', type: 'datasource.write.gigya.account', params: { maxConnections: 10 } };

export const importAccounts: Link = {
  id: 'importAccount',
  type: 'datasource.write.gigya.importaccount',
  params: { importPolicy: 'upsert', maxConnections: 20 },
};

/** The usual fields of a person, flat and in capitals as mail platforms name them. */
export const person = { 'profile.email': 'EMAIL', 'profile.firstName': 'FNAME', 'profile.lastName': 'LNAME' };
export const personFields = Object.keys(person).join(', ');
