import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Contact, Database, PlatformFault } from './databases.ts';
import { childrenOf, tag, textIn, type XmlElement } from './xml.ts';

interface Job {
  file: string;
  content: string;
  polls: number;
  status: 'WAITING' | 'RUNNING' | 'COMPLETE' | 'ERROR' | 'CANCELED';
}

export interface ExportOptions {
  /** What the SFTP server shows as `/`; files come to `download` below it. */
  folder: string | undefined;
  pollsUntilDone: number;
}

const separators: Record<string, string> = { CSV: ',', TAB: '\t', PIPE: '|' };
const date = /^(\d\d)\/(\d\d)\/(\d{4})(?: (\d\d):(\d\d):(\d\d))?$/;

/** Exports of databases: a file each, written to the SFTP server's folder when the job is done. */
export class ExportJobs {
  readonly jobs = new Map<string, Job>();
  readonly #options: ExportOptions;

  constructor(options: ExportOptions) {
    this.#options = options;
  }

  create(database: Database, action: XmlElement): string | PlatformFault {
    const type = textIn(action, 'EXPORT_TYPE');
    if (!['ALL', 'OPT_IN', 'OPT_OUT', 'UNDELIVERABLE'].includes(type)) return { code: 111, text: 'Invalid EXPORT_TYPE.' };
    const separator = separators[textIn(action, 'EXPORT_FORMAT')];
    if (separator === undefined) return { code: 112, text: 'Invalid EXPORT_FORMAT.' };
    const [start, end] = ['DATE_START', 'DATE_END'].map((name) => timeOf(textIn(action, name)));
    if (Number.isNaN(start) || Number.isNaN(end)) return { code: 113, text: 'Invalid date format. Use MM/DD/YYYY hh:mm:ss.' };
    const wanted = childrenOf(childrenOf(action, 'EXPORT_COLUMNS')[0], 'COLUMN').map(({ text }) => text);
    const columns = wanted.length > 0 ? wanted : [...database.columns.keys()];
    const unknown = columns.find((name) => !database.columns.has(name));
    if (unknown !== undefined) return { code: 106, text: `Column ${unknown} does not exist.` };
    const chosen = database.contacts.filter(
      (contact) => isOfType(contact, type) && contact.changedMs >= (start ?? 0) && contact.changedMs <= (end ?? Number.POSITIVE_INFINITY),
    );
    const rows = [columns, ...chosen.map(({ values }) => columns.map((name) => values.get(name) ?? ''))];
    const content = rows.map((row) => row.map((cell) => quoted(cell, separator)).join(separator)).join('\n');
    const id = String(499_600 + this.jobs.size);
    const file = `${database.name} - ${id}.CSV`;
    this.jobs.set(id, { file, content: `${content}\n`, polls: 0, status: 'WAITING' });
    return tag('JOB_ID', id) + tag('FILE_PATH', `/download/${file}`);
  }

  status(id: string): string | PlatformFault {
    const job = this.jobs.get(id);
    if (!job) return { code: 114, text: 'Job does not exist.' };
    if (job.status === 'WAITING' || job.status === 'RUNNING') {
      job.status = ++job.polls >= this.#options.pollsUntilDone ? 'COMPLETE' : 'RUNNING';
      if (job.status === 'COMPLETE') this.#publish(job);
    }
    return tag('JOB_ID', id) + tag('JOB_STATUS', job.status) + tag('JOB_DESCRIPTION', 'Exporting all contacts');
  }

  #publish({ file, content }: Job): void {
    const { folder } = this.#options;
    if (folder === undefined) return;
    mkdirSync(join(folder, 'download'), { recursive: true });
    writeFileSync(join(folder, 'download', file), content);
  }
}

const isOfType = ({ optedOut }: Contact, type: string): boolean =>
  type === 'ALL' || (type === 'OPT_IN' && !optedOut) || (type === 'OPT_OUT' && optedOut);

const quoted = (cell: string, separator: string): string =>
  cell.includes(separator) || /["\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;

/** Undefined when it is not given, NaN when it is none. */
function timeOf(text: string): number | undefined {
  if (text === '') return undefined;
  const [, month, day, year, hour = '00', minute = '00', second = '00'] = date.exec(text) ?? [];
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
}
