import ssh2, { type Attributes, type FileEntry, type SFTPWrapper } from 'ssh2';

const { STATUS_CODE } = ssh2.utils.sftp;

/** Sends the answer to the request with this id. */
export type Reply = (sftp: SFTPWrapper, id: number) => void;

export const replyOk: Reply = (sftp, id) => sftp.status(id, STATUS_CODE.OK);
export const replyEnd: Reply = (sftp, id) => sftp.status(id, STATUS_CODE.EOF);
/** For a request whose connection is gone. */
export const replyNothing: Reply = () => {};

export function replyData(data: Buffer): Reply {
  return (sftp, id) => sftp.data(id, data);
}

export function replyHandle(handle: Buffer): Reply {
  return (sftp, id) => sftp.handle(id, handle);
}

export function replyAttributes(attributes: Attributes): Reply {
  return (sftp, id) => sftp.attrs(id, attributes);
}

export function replyEntries(entries: FileEntry[]): Reply {
  return (sftp, id) => sftp.name(id, entries);
}
