import type { DataflowDocument } from '#dataflow';

export interface Workload {
  id: string;
  title: string;
  input: 'csv' | 'ndjson';
  /** Name of the produced file in the output folder. */
  output: string;
  /** The flow; `endpoint` is the address of the HTTP API of W4. */
  flow(paths: { input: string; folder: string; endpoint: string }): DataflowDocument;
}

const encode = (script: string) => Buffer.from(script).toString('base64');
const steps = (list: DataflowDocument['steps']) => ({ name: 'bench', steps: list });

const readLocal = (path: string, next: string) => ({ id: 'read', type: 'datasource.read.local', params: { path }, next: [next] });
const parseDsv = (next: string) => ({ id: 'parse', type: 'file.parse.dsv', params: { columnSeparator: ',' }, next: [next] });
const formatDsv = (next: string) => ({
  id: 'format',
  type: 'file.format.dsv',
  params: { fileName: 'out.csv', columnSeparator: ',', maxFileSize: 100_000 },
  next: [next],
});
const gzip = (next: string) => ({ id: 'gzip', type: 'file.compress.gzip', next: [next] });
const writeLocal = (path: string) => ({ id: 'write', type: 'datasource.write.local', params: { path } });
const rename = (next: string) => ({
  id: 'rename',
  type: 'field.rename',
  params: {
    fields: [
      { sourceField: 'UID', targetField: 'accountId' },
      { sourceField: 'createdTimestamp', targetField: 'created' },
      { sourceField: 'lastUpdated', targetField: 'updated' },
    ],
  },
  next: [next],
});
const remove = (next: string) => ({ id: 'remove', type: 'field.remove', params: { fields: ['gender', 'birthYear'] }, next: [next] });
const fullName = (next: string) => ({
  id: 'fullName',
  type: 'field.evaluate',
  params: { language: 'jexl', fields: [{ field: 'fullName', expression: "firstName + ' ' + lastName" }] },
  next: [next],
});
const digitsOfPhone = (next: string) => ({
  id: 'phone',
  type: 'field.replace',
  params: { fields: [{ field: 'phone', regex: '[^0-9+]', replacement: '' }] },
  next: [next],
});
const script = (source: string, next: string) => ({
  id: 'script',
  type: 'record.evaluate',
  params: { script: encode(source), ECMAScriptVersion: '12' },
  next: [next],
});

const LOWER_AND_AGE = `function process(record) {
  record.email = record.email.toLowerCase();
  record.age = 2026 - Number(record.birthYear);
  return record;
}`;

export const workloads: readonly Workload[] = [
  {
    id: 'W1',
    title: 'CSV to CSV: rename 3 fields, remove 2, gzip',
    input: 'csv',
    output: 'out.csv.gz',
    flow: ({ input, folder }) =>
      steps([
        readLocal(input, 'parse'),
        parseDsv('rename'),
        rename('remove'),
        remove('format'),
        formatDsv('gzip'),
        gzip('write'),
        writeLocal(folder),
      ]),
  },
  {
    id: 'W1p',
    title: 'the same, plain',
    input: 'csv',
    output: 'out.csv',
    flow: ({ input, folder }) =>
      steps([readLocal(input, 'parse'), parseDsv('rename'), rename('remove'), remove('format'), formatDsv('write'), writeLocal(folder)]),
  },
  {
    id: 'W2',
    title: 'W1 with an expression, a regular expression and a filter, gzip',
    input: 'csv',
    output: 'out.csv.gz',
    flow: ({ input, folder }) =>
      steps([
        readLocal(input, 'parse'),
        parseDsv('filter'),
        { id: 'filter', type: 'record.filter', params: { condition: "subscribed eq 'true'" }, next: ['rename'] },
        rename('remove'),
        remove('phone'),
        digitsOfPhone('fullName'),
        fullName('format'),
        formatDsv('gzip'),
        gzip('write'),
        writeLocal(folder),
      ]),
  },
  {
    id: 'W3',
    title: 'CSV, isolated JavaScript for each record, newline-delimited JSON out',
    input: 'csv',
    output: 'out.json',
    flow: ({ input, folder }) =>
      steps([
        readLocal(input, 'parse'),
        parseDsv('script'),
        script(LOWER_AND_AGE, 'format'),
        {
          id: 'format',
          type: 'file.format.json',
          params: { fileName: 'out.json', layout: 'lines', maxFileSize: 100_000 },
          next: ['write'],
        },
        writeLocal(folder),
      ]),
  },
  {
    id: 'W4',
    title: 'newline-delimited JSON to HTTP, 1,000 a request, 10 in flight; the refused 1 % to a file',
    input: 'ndjson',
    output: 'refused.json',
    flow: ({ input, folder, endpoint }) =>
      steps([
        readLocal(input, 'parse'),
        { id: 'parse', type: 'file.parse.json', next: ['post'] },
        {
          id: 'post',
          type: 'datasource.write.external.generic',
          params: { url: endpoint, bodyFormat: 'lines', batchSize: 1000, maxConnections: 10, failuresPath: 'failed', recordKey: 'UID' },
          error: ['refused'],
        },
        {
          id: 'refused',
          type: 'file.format.json',
          params: { fileName: 'refused.json', layout: 'lines', maxFileSize: 100_000 },
          next: ['write'],
        },
        writeLocal(folder),
      ]),
  },
];
