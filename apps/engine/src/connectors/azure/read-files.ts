import type { FlowFile, ReadItem, StepContext } from '#dataflow';
import type { AzureConnection } from '../azure.ts';

interface Selected {
  blobPrefix: string;
  fileNameRegex?: string | undefined;
  sortBy: 'time' | 'name';
  sortOrder: 'ASC' | 'DESC';
}

/** Lists a container and gives the selected blobs as files. */
export async function* readAzureFiles({
  params,
  connection,
  job,
  fill,
  log,
  expect,
}: StepContext<Selected, AzureConnection>): AsyncGenerator<ReadItem<FlowFile>, void, void> {
  const prefix = fill(params.blobPrefix);
  const changedSince = job.fullExtract ? undefined : job.changedSince;
  const { files, total, unsafe } = await connection.list(prefix, { ...params, changedSince });
  if (unsafe > 0) log.warn(`${unsafe} blobs are left out: their names cannot be names of files.`);
  const delta = changedSince ? ` changed since ${changedSince.toISOString()}` : '';
  log.info(`${files.length} of ${total} blobs${prefix === '' ? '' : ` under ${prefix}`} are read: those that match${delta}.`);
  expect(files.length);
  for (const { name, path, size, modifiedMs } of files) {
    yield { item: { name, size, modifiedMs, read: () => connection.read(path) }, position: { name: path, modifiedMs } };
  }
}
