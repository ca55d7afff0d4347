import type { SftpFaults } from './faults.ts';
import type { Handles } from './handles.ts';
import type { RootedFolder } from './rooted-folder.ts';

/** What the requests of one session work on. */
export interface SessionPlace {
  folder: RootedFolder;
  handles: Handles;
  faults: SftpFaults;
  /** Drops the client's connection at once. */
  cut(): void;
}
