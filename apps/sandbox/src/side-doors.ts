import type { SideDoor } from './gigya/control.ts';
import { parseFault } from './sftp/faults.ts';
import type { SftpServer } from './sftp/start-sftp.ts';
import type { SmtpServer } from './smtp/start-smtp.ts';

/** Sets and shows the faults of the SFTP server over HTTP. */
export function sftpFaultsDoor({ faults }: SftpServer): SideDoor {
  return {
    show: () => ({ fault: { ...faults.current }, writtenBytes: faults.writtenBytes }),
    set: (value) => faults.set(parseFault(value)),
    clear: () => faults.clear(),
  };
}

/** Shows the mails caught since the start. */
export function mailsDoor({ messages }: SmtpServer): SideDoor {
  return {
    show: () => ({ mails: messages.map(({ from, to, subject, text }) => ({ from, to: [...to], subject, text })) }),
  };
}
