import type { FlowFile, ReadItem, StepContext } from '#dataflow';
import { type ListedObject, objectFiles } from './object-keys.ts';
import { type FileSelection, selectFiles } from './select-files.ts';

/** A bucket whose objects can be listed by prefix and read. */
interface Bucket {
  list(prefix: string): Promise<ListedObject[]>;
  read(path: string): AsyncIterable<Uint8Array>;
}

type ObjectParams = Omit<FileSelection, 'changedSince'> & { bucketName: string; objectKeyPrefix: string };

/** The objects under a prefix as files: those that match and, unless all are pulled, changed since the last successful run. */
export async function* readObjects({
  params,
  connection,
  job,
  fill,
  log,
  expect,
}: Pick<StepContext<ObjectParams, Bucket>, 'params' | 'connection' | 'job' | 'fill' | 'log' | 'expect'>): AsyncGenerator<
  ReadItem<FlowFile>
> {
  const prefix = fill(params.objectKeyPrefix);
  const found = objectFiles(await connection.list(prefix));
  const changedSince = job.fullExtract ? undefined : job.changedSince;
  const files = selectFiles(found, { ...params, changedSince });
  const delta = changedSince ? ` changed since ${changedSince.toISOString()}` : '';
  log.info(`${files.length} of ${found.length} objects of ${params.bucketName}/${prefix} are read: those that match${delta}.`);
  expect(files.length);
  for (const { name, path, size, modifiedMs } of files) {
    yield { item: { name, size, modifiedMs, read: () => connection.read(path) }, position: { key: path, modifiedMs } };
  }
}
