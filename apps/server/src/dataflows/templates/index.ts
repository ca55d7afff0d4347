import { amazonS3, azureBlob } from './cloud-storage.ts';
import { gigya } from './gigya.ts';
import type { Integration } from './integration.ts';
import { local } from './local.ts';
import { mailchimp, marketo, salesforce } from './platforms.ts';
import { sftp } from './sftp.ts';

/** In the order of the create wizard. Components of some are not built yet; the studio says so. */
export const templates: readonly Integration[] = [sftp, gigya, local, amazonS3, azureBlob, mailchimp, marketo, salesforce];
