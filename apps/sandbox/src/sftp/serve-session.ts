import type { SFTPWrapper } from 'ssh2';
import { fileRequests } from './file-requests.ts';
import { pathRequests } from './path-requests.ts';
import type { Reply } from './replies.ts';
import type { SessionPlace } from './session-place.ts';
import { statusOf } from './status.ts';

type Request = (...args: never[]) => Promise<Reply>;

/** Answers the requests of one SFTP session (protocol version 3); unknown ones get "unsupported" from ssh2. */
export function serveSession(sftp: SFTPWrapper, place: SessionPlace): void {
  const requests: Record<string, Request> = { ...fileRequests(place), ...pathRequests(place) };
  // OpenSSH's client waits for the server to close the channel after its own end.
  sftp.on('end', () => sftp.end());
  for (const [name, request] of Object.entries(requests)) {
    sftp.on(name, (id: number, ...args: never[]) => {
      request(...args).then(
        (reply) => reply(sftp, id),
        (error: unknown) => {
          const { code, message } = statusOf(error);
          sftp.status(id, code, message);
        },
      );
    });
  }
}
