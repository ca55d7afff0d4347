import { createContext, use } from 'react';
import type { Me, Site } from './api.ts';

export interface Session extends Me {
  /** The site whose flows and jobs are shown; undefined when this person may see none. */
  site: Site | undefined;
  chooseSite(apiKey: string): void;
}

export const SessionContext = createContext<Session | undefined>(undefined);

/** Who is signed in and where. Only under the signed-in routes. */
export function useSession(): Session {
  const session = use(SessionContext);
  if (!session) throw new Error('useSession needs the signed-in part of the app around it.');
  return session;
}
