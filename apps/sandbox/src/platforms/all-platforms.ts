import { bluekai } from './bluekai/bluekai.ts';
import { campaignMonitor } from './campaign-monitor/campaign-monitor.ts';
import { constantContact } from './constant-contact/constant-contact.ts';
import { exacttarget } from './exacttarget/exacttarget.ts';
import { mailchimp } from './mailchimp/mailchimp.ts';
import { marketo } from './marketo/marketo.ts';
import { salesforce } from './salesforce/salesforce.ts';
import { sapMarketing } from './sap-marketing/sap-marketing.ts';

/** Every stand-in of an HTTP platform, with its demo credentials. */
export const allPlatforms = [bluekai, campaignMonitor, constantContact, exacttarget, mailchimp, marketo, salesforce, sapMarketing] as const;
