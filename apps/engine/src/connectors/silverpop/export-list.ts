import { FatalError, pause, retriedRead, type StepLog } from '#dataflow';
import type { NetworkContext } from '../network.ts';
import type { SftpSettings } from '../sftp/settings.ts';
import type { SftpConnection } from '../sftp.ts';
import { openSilverpop, type Silverpop, type SilverpopSettings } from './client.ts';
import { element, textElement, textIn } from './envelope.ts';

/** The API, and the SFTP server where it puts its files; the latter is opened by its first use. */
export interface SilverpopExports extends Silverpop {
  /** Logs in to the SFTP server, so that a wrong login is told before an export is waited for. */
  openFiles(): Promise<void>;
  download(path: string): AsyncIterable<Uint8Array>;
}

export interface ExportWish {
  listId: string;
  /** All columns when empty. */
  columns: readonly string[];
  /** Only contacts that were changed in between. */
  changed?: { start: Date; end: Date } | undefined;
}

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
const FOLDER = '/download';

export function openSilverpopExports(settings: SilverpopSettings, sftp: SftpSettings, context: NetworkContext): SilverpopExports {
  const api = openSilverpop(settings, context);
  let opening: Promise<SftpConnection> | undefined;
  const files = (): Promise<SftpConnection> => {
    opening ??= import('../sftp.ts').then(({ openSftp }) => openSftp(sftp, context, { folder: FOLDER, use: 'read' }));
    const opened = opening;
    return opened.catch((thrown: unknown) => {
      if (opening === opened) opening = undefined;
      throw thrown;
    });
  };
  return {
    ...api,
    openFiles: async () => {
      await retriedRead(files, context);
    },
    async *download(path) {
      const connection = await retriedRead(files, context);
      yield* connection.read(path);
    },
    test: async () => `${await api.test()} ${await (await files()).test()}`,
    async [Symbol.asyncDispose]() {
      await (await opening?.catch(() => undefined))?.[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

/**
 * The CSV file of an export of a list (ExportList), its header the names of the columns: begun, waited for (GetJobStatus) and read from the
 * SFTP server. Throws FatalError when the platform refuses or ends the job without a file.
 */
export async function* exportList(
  silverpop: SilverpopExports,
  wish: ExportWish,
  ctx: { signal: AbortSignal; log: StepLog },
): AsyncGenerator<Uint8Array, void, void> {
  await silverpop.openFiles();
  const begun = await retriedRead(() => silverpop.result(exportAction(wish)), ctx);
  const id = textIn(begun, 'JOB_ID');
  const file = textIn(begun, 'FILE_PATH');
  if (id === undefined || file === undefined)
    throw new FatalError('Silverpop took the export and told no job or file. Run the job again.', { code: 'targetRefused' });
  await waitFor(silverpop, id, ctx);
  const path = file.startsWith('/') ? file : `${FOLDER}/${file}`;
  ctx.log.info(`Export ${id} of list ${wish.listId} is complete: ${path}.`);
  yield* silverpop.download(path);
}

function exportAction({ listId, columns, changed }: ExportWish): string {
  return element(
    'ExportList',
    textElement('LIST_ID', listId),
    element('EXPORT_TYPE', 'ALL'),
    element('EXPORT_FORMAT', 'CSV'),
    element('FILE_ENCODING', 'utf-8'),
    ...(changed ? [element('DATE_START', dateText(changed.start)), element('DATE_END', dateText(changed.end))] : []),
    ...(columns.length === 0 ? [] : [element('EXPORT_COLUMNS', ...columns.map((name) => textElement('COLUMN', name)))]),
  );
}

async function waitFor(silverpop: SilverpopExports, id: string, ctx: { signal: AbortSignal; log: StepLog }): Promise<void> {
  const ask = element('GetJobStatus', textElement('JOB_ID', id));
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
    const job = await retriedRead(() => silverpop.result(ask), ctx);
    const status = textIn(job, 'JOB_STATUS') ?? 'not told';
    if (status === 'COMPLETE') return;
    if (status !== 'WAITING' && status !== 'RUNNING') {
      const about = textIn(job, 'JOB_DESCRIPTION');
      throw new FatalError(
        `Silverpop export ${id} ended as ${status}${about === undefined ? '' : ` (${about})`}. Look at it in Resources, Data Jobs, and run the job again.`,
        { code: 'targetRefused' },
      );
    }
    await pause(pauseMs, ctx.signal);
  }
}

/** `MM/DD/YYYY hh:mm:ss` of 24 hours, in UTC. */
function dateText(date: Date): string {
  const [year, month, day] = date.toISOString().split(/[-T]/);
  return `${month}/${day}/${year} ${date.toISOString().slice(11, 19)}`;
}
