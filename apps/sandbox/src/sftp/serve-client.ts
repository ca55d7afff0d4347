import type { AuthContext, Connection } from 'ssh2';
import { Handles } from './handles.ts';
import { serveSession } from './serve-session.ts';
import type { SessionPlace } from './session-place.ts';

export interface ClientPlace extends Omit<SessionPlace, 'handles'> {
  mayLogIn(attempt: AuthContext): boolean;
}

/** Lets one client sign in and gives it SFTP sessions; whatever it left open is closed when it goes. */
export function serveClient(client: Connection, { mayLogIn, ...place }: ClientPlace): void {
  const handles = new Handles();
  // A client that goes away in the middle shows up here; there is nobody left to tell.
  client.on('error', () => {});
  client.on('close', () => void handles.closeAll());
  client.on('authentication', (attempt) => {
    if (!place.faults.refusesLogin && mayLogIn(attempt)) attempt.accept();
    else attempt.reject(['password', 'publickey']);
  });
  client.on('session', (accept) => {
    accept().on('sftp', (acceptSftp) => serveSession(acceptSftp(), { ...place, handles }));
  });
}
