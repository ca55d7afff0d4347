import type { FlowFile, StepContext } from '#dataflow';
import { UPLOADING } from './select-files.ts';

/** A server with folders, on which a file is written under a temporary name and renamed when it is complete. */
interface FolderServer {
  /** True when the folder was missing and has been made. */
  makeFolder(folder: string): Promise<boolean>;
  /** Resolves to the bytes. */
  upload(file: FlowFile, place: { folder: string; temporaryName: string }): Promise<number>;
}

interface FolderParams {
  remotePath: string;
  /** Whether the temporary name is the final one with `.uploading` behind it, or a hidden one. */
  temporaryUploadExtension: boolean;
}

/** Writes one file into the folder of a step, and tells it in the trace. */
export async function uploadToFolder(
  file: FlowFile,
  { params, connection, job, fill, log }: Pick<StepContext<FolderParams, FolderServer>, 'params' | 'connection' | 'job' | 'fill' | 'log'>,
): Promise<void> {
  const folder = fill(params.remotePath);
  if (await connection.makeFolder(folder)) log.info(`The folder ${folder} was missing and has been made.`);
  const temporaryName = params.temporaryUploadExtension ? `${file.name}${UPLOADING}` : `.${file.name}.${job.id}${UPLOADING}`;
  const bytes = await connection.upload(file, { folder, temporaryName });
  log.info(`${file.name} stands in ${folder || 'the home folder'}, ${bytes} bytes.`);
}
