import { startVsftpd } from '../../src/testing/peers/vsftpd.ts';
import type { Storage } from './storages.ts';

/** vsftpd; needs root. */
export const openFtp = (security: 'none' | 'explicit' | 'implicit') => async (): Promise<Storage> => {
  const { host, port, username, password, certificateSha256, stop } = await startVsftpd({ security });
  const params = { host, port, username, password, security, ...(security === 'none' ? {} : { certificateSha256 }) };
  return {
    writer: { type: 'datasource.write.ftp', params },
    reader: { type: 'datasource.read.ftp', params },
    [Symbol.asyncDispose]: stop,
  };
};
