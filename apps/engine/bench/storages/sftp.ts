import { startSshd } from '../../src/testing/peers/sshd.ts';
import type { Storage } from './storages.ts';

/** OpenSSH. */
export async function openSftp(): Promise<Storage> {
  const { host, port, username, plainKey: privateKey, stop } = await startSshd();
  const params = { host, port, username, privateKey };
  return {
    writer: { type: 'datasource.write.sftp', params },
    reader: { type: 'datasource.read.sftp', params },
    [Symbol.asyncDispose]: stop,
  };
}
