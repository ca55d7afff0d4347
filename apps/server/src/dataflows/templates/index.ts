import type { DataflowDocument } from '@idsync/engine/dataflow';
import { amazonS3, azureBlob } from './cloud-storage.ts';
import { gigya } from './gigya.ts';
import { local } from './local.ts';
import { mailchimp, marketo, salesforce } from './platforms.ts';
import { sftp } from './sftp.ts';

export interface Template {
  id: string;
  /** Out of the account store, or into it. */
  direction: 'outbound' | 'inbound';
  title: string;
  document: DataflowDocument;
}

export interface Integration {
  integration: string;
  title: string;
  /** Name of an icon of the studio's icon set. */
  icon: string;
  templates: Template[];
}

/** In the order of the create wizard. Components of some are not built yet; the studio says so. */
export const templates: readonly Integration[] = [sftp, gigya, local, amazonS3, azureBlob, mailchimp, marketo, salesforce];
