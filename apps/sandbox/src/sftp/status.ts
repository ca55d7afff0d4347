import ssh2 from 'ssh2';

const { STATUS_CODE } = ssh2.utils.sftp;

/** Status of the protocol for an error of the file system, with the text a client shows. */
export function statusOf(error: unknown): { code: number; message: string } {
  const { code, message } = error instanceof Error ? (error as NodeJS.ErrnoException) : (new Error(String(error)) as NodeJS.ErrnoException);
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return { code: STATUS_CODE.NO_SUCH_FILE, message: 'No such file' };
    case 'EACCES':
    case 'EPERM':
      return { code: STATUS_CODE.PERMISSION_DENIED, message: 'Permission denied' };
    case 'EEXIST':
      return { code: STATUS_CODE.FAILURE, message: 'File already exists' };
    case 'ENOTEMPTY':
      return { code: STATUS_CODE.FAILURE, message: 'Directory not empty' };
    case 'ENOSPC':
      return { code: STATUS_CODE.FAILURE, message: 'No space left on device' };
    default:
      return { code: STATUS_CODE.FAILURE, message: code === undefined ? message : `Failure (${code})` };
  }
}
