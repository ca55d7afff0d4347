import { startAzurite } from '../../src/testing/peers/azurite.ts';
import type { Storage } from './storages.ts';

/** Azurite. */
export async function openAzureBlob(): Promise<Storage> {
  const { accountName, accountKey, endpoint, makeContainer, stop } = await startAzurite();
  const container = 'large';
  await makeContainer(container);
  const params = { accountName, accountKey, endpoint, container };
  return {
    writer: { type: 'datasource.write.azure.blob', params },
    reader: { type: 'datasource.read.azure.blob', params },
    [Symbol.asyncDispose]: stop,
  };
}
