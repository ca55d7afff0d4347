import type { DataflowDocument, JobInfo, JobSnapshot, LogLevel, SiteCredentials, TraceLine } from '@idsync/engine/dataflow';

/** What dataflows may reach, as the operator set it. */
export interface AccessSettings {
  folders: readonly string[];
  addresses: readonly string[];
}

/** From a worker to the engine process of one job. Secrets travel here and nowhere else. */
export type ToRunner =
  | {
      type: 'run';
      document: DataflowDocument;
      job: JobInfo;
      site: SiteCredentials | undefined;
      limit: number | undefined;
      logLevel: LogLevel;
      access: AccessSettings;
      spoolFolder: string;
    }
  | { type: 'try-connection'; document: DataflowDocument; site: SiteCredentials | undefined; access: AccessSettings; spoolFolder: string }
  | { type: 'stop' };

/** From the engine process back. `end` and `tried` are its last words. */
export type FromRunner =
  | { type: 'ready' }
  | { type: 'trace'; lines: TraceLine[] }
  | { type: 'snapshot'; snapshot: JobSnapshot }
  | { type: 'end'; snapshot: JobSnapshot }
  | { type: 'tried'; ok: boolean; message: string };
